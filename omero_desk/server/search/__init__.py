"""Full-text search: OMERO's query language (Lucene's) over words that SQLite's FTS5 indexes.

`database.full_text` indexes the words of every table. Here a query is parsed (`parser`) to plain data (`ast`) and
answered with the ids of objects (`finder`). In OMERO the document of an object has the words of its annotations, files,
owner and more. `documents` defines where these words are stored and how a query leads from them to the objects, so that
nothing is stored twice. `actions` are the searches of OMERO's Search service, `library` loads what they find.
"""
