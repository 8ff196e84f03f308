"""The library's database: OMERO's model as tables, rows in and objects out."""
