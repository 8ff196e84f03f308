"""Types of a compiled query: its columns, its statements and the rows that they return.

The SQL type of a column is known only when the text of the query is, so `Any` stands for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select

Column: TypeAlias = ColumnElement[Any]
Statement: TypeAlias = Select[*tuple[Any, ...]]

Row: TypeAlias = Sequence[Any]
"""The values of one row, read by position."""
