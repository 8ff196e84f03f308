"""The library's database: OMERO's model as SQLite tables, their indexes, and the words that searches look up."""
