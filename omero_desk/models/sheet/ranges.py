"""What is done with ranges of cells: copied, pasted, filled down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from omero_desk.models.sheet.blocks import Block
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.sheet import SheetModel


@dataclass(frozen=True, slots=True)
class Range:
    """The rows and the columns of a block of cells, in the order in which they are seen."""

    rows: Sequence[int]
    columns: Sequence[int]

    @property
    def is_one(self) -> bool:
        """Whether it is one cell."""
        return len(self.rows) == len(self.columns) == 1


def cells_of(sheet: SheetModel, places: Iterable[tuple[int, int]]) -> list[tuple[Cell, str]]:
    """Return cells with what they say."""
    return [(cell, sheet.text(cell)) for cell in (sheet.cell(row, column) for row, column in places)]


def texts_of(sheet: SheetModel, block: Range) -> list[list[str]]:
    """Return what the cells of a block say, a list for each row."""
    return [[sheet.text(sheet.cell(row, column)) for column in block.columns] for row in block.rows]


def pasted(sheet: SheetModel, block: Block, rows: Sequence[int], columns: Sequence[int]) -> Mapping[Cell, str]:
    """Return the texts that a block gives to cells from the first of `rows` and `columns` on, as far as they go."""
    return {
        sheet.cell(row, column): text
        for row, texts in zip(rows, block.rows, strict=False)
        for column, text in zip(columns, texts, strict=False)
    }


def filled(sheet: SheetModel, places: Iterable[tuple[int, int]], text: str) -> Mapping[Cell, str]:
    """Return one text for all of the cells."""
    return {sheet.cell(row, column): text for row, column in places}


def filled_down(sheet: SheetModel, block: Range) -> Mapping[Cell, str]:
    """Return what the first row of a block says, for all of its rows."""
    first = block.rows[0]
    return {
        sheet.cell(row, column): sheet.text(sheet.cell(first, column))
        for row in block.rows[1:]
        for column in block.columns
    }
