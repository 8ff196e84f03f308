"""Words of the library that are like another one."""

from __future__ import annotations

from omero_desk.server.search.ast import EVERYTHING
from omero_desk.server.search.documents import document_of
from omero_desk.server.search.index import indexes
from omero_desk.server.search.library import Library
from omero_desk.server.search.patterns import Fuzzy


def similar_words(library: Library, class_name: str, term: str) -> list[str]:
    """Return the words that stand anywhere in the documents of a class, as Lucene's FuzzyTermEnum does."""
    condition, values = Fuzzy(term).condition()
    schema = library.store.schema
    tables = {source.index for source in document_of(schema, class_name).sources if source.field == EVERYTHING}
    found: set[str] = set()
    with library.store.read() as connection:
        for table in tables:
            statement = f"SELECT term FROM {indexes(schema)[table].vocabulary} WHERE {condition}"
            found.update(connection.exec_driver_sql(statement, values).scalars())
    return sorted(found)
