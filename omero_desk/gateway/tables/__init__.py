"""OMERO.tables: those of an object, their rows, and new ones."""
