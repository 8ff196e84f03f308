"""Words of the library that are similar to another one."""

from __future__ import annotations

from omero_desk.server.database.full_text import indexes
from omero_desk.server.search.ast import EVERYTHING
from omero_desk.server.search.documents import document_of
from omero_desk.server.search.library import SearchLibrary
from omero_desk.server.search.patterns import Fuzzy


def similar_words(library: SearchLibrary, class_name: str, term: str) -> list[str]:
    """Return the sorted words of a class's documents that are similar to a term, as in Lucene's FuzzyTermEnum."""
    condition, values = Fuzzy(term).condition()
    schema = library.store.schema
    tables = {source.index for source in document_of(schema, class_name).sources if source.field == EVERYTHING}
    found: set[str] = set()
    with library.store.read() as connection:
        for table in tables:
            statement = f"SELECT term FROM {indexes(schema)[table].vocabulary} WHERE {condition}"
            found.update(connection.exec_driver_sql(statement, values).scalars())
    return sorted(found)
