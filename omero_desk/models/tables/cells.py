"""The cells of a table as people read them, and as programs do."""

from __future__ import annotations

import math

from omero_desk.entities.tables import CellValue, TableHead
from omero_desk.models.cells import Cell
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate


def shown(value: CellValue | None) -> str:
    """Return a cell's text for people: on one line, numbers as they are but for the last digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return translate("Tables", "true") if value else translate("Tables", "false")
    if isinstance(value, float):
        return translate("Tables", "NaN") if math.isnan(value) else f"{value:.7g}"
    return str(value) if isinstance(value, int) else shortened(value)


def written(value: CellValue | None) -> Cell:
    """Return a cell for a file or the clipboard, whole: numbers with all digits, truths as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return value


def title(head: TableHead) -> str:
    """Return a column's name to show; one without a name is called by its number."""
    if head.name.strip():
        return shortened(head.name)
    return translate("Tables", "Column {number}").format(number=head.number + 1)
