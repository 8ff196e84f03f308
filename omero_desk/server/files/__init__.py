"""The files of a library on disk: where they lie, their checksums, and how they come in."""
