"""The embedded server: OMERO's Ice protocol over a SQLite library, in a process of its own."""
