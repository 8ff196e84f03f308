"""OMERO's graph rules: which objects are deleted, moved or copied together."""
