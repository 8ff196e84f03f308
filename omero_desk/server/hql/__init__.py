"""HQL: OMERO's query language, answered from the library's tables.

A query is parsed (`parser`) to plain data (`ast`), compiled (`compiler`) to one statement of SQLAlchemy Core
against the model's tables, with the caller's view of them, and its rows are read (`readers`) into OMERO's objects.
"""

from __future__ import annotations

from omero_desk.server.hql.parser import warm_up
from omero_desk.server.hql.query import run_projection, run_query

__all__ = ["run_projection", "run_query", "warm_up"]
