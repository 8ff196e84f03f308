"""Full text search: words kept in SQLite's FTS5, and OMERO's query language over them.

`index` keeps the words of every table, each row's own, in the transaction that writes the row. A query is parsed
(`parser`) to plain data (`ast`); what makes up the document of an object in OMERO, its annotations, files, owner and
the rest, is known to `documents`, and led back to the objects when a query is answered (`finder`).
"""
