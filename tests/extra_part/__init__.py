"""A feature as somebody would add it: a folder a layer, and one line for `desk.parts_of`. It counts what is clicked."""
