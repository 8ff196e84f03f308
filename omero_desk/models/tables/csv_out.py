"""A table, or what was found of it, into a file of comma-separated values: some rows at a time, never all in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.tables import OpenTable, TableHead, Values
from omero_desk.models.cells import harmless, harmless_row
from omero_desk.models.exports.exports import Tell
from omero_desk.models.tables.blocks import REPLY
from omero_desk.models.tables.cells import title, written
from omero_desk.models.tables.rows import RowNumbers
from omero_desk.models.tables.source import ExportsRows, TextFile
from omero_desk.models.translation import translate

ROWS: Final = 10_000
"""Rows at most that are read at a time."""
_LEAST: Final = 8
StartText = Callable[[], Awaitable[TextFile]]


async def write_csv(
    reader: ExportsRows,
    table: OpenTable,
    heads: Sequence[TableHead],
    order: RowNumbers | None,
    start_file: StartText,
    tell: Tell,
) -> None:
    """Write columns of all rows, or of those of `order`. Raises OSError and GatewayError; then there is no file.

    Numbers have all their digits, an array stands as a list in one cell, a mask as JSON with its bytes in base64, and a
    text that a spreadsheet would take for a formula behind an apostrophe. The table is let go of in any case.
    """
    total = table.rows if order is None else len(order)
    step = max(_LEAST, min(ROWS, REPLY // max(sum(head.width for head in heads), 1)))
    file = await start_file()
    try:
        await file.add(partial(_line, [harmless(title(head)) for head in heads]))
        for start in range(0, total, step):
            stop = min(start + step, total)
            rows = range(start, stop) if order is None else order[start:stop].tolist()
            await file.add(partial(_lines, await reader.whole(table.file_id, heads, rows)))
            words = translate("Tables", "{done} of {total} rows").format(done=f"{stop:,}", total=f"{total:,}")
            tell(stop, total, words)
        await file.finish()
    except BaseException:
        file.abandon()
        raise
    finally:
        with suppress(GatewayError):  # it ends with its session
            await reader.release_whole(table.file_id)


def _line(names: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(names)
    return text.getvalue().encode("utf-8", "replace")


def _lines(columns: Sequence[Values]) -> bytes:
    text = io.StringIO()
    rows = zip(*columns, strict=True)
    csv.writer(text, lineterminator="\n").writerows(harmless_row(map(written, row)) for row in rows)
    return text.getvalue().encode("utf-8", "replace")
