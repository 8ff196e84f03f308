"""The commands of the spreadsheet, and the keys that it handles itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace

SHEET: Final = Command(
    "gallery.sheet",
    mark("Sheet", "Spreadsheet"),
    "table",
    tip=mark("Sheet", "Show images as a spreadsheet in which what is written about them can be changed"),
    places=(MenuPlace(Menu.VIEW, 1),),
    checkable=True,
)
OPEN_SHEET: Final = Command(
    "sheet.open",
    mark("Sheet", "Open as spreadsheet"),
    "",
    tip=mark("Sheet", "Show what is selected as a spreadsheet; several images alone, without the others"),
    places=(MenuPlace(Menu.FILE, 1), MenuPlace(Menu.OBJECTS)),
)
COPY: Final = Command("sheet.copy", mark("Sheet", "Copy cells"), shortcuts=("Ctrl+C",), context=Context.SHEET)
PASTE: Final = Command("sheet.paste", mark("Sheet", "Paste cells"), shortcuts=("Ctrl+V",), context=Context.SHEET)
CUT: Final = Command("sheet.cut", mark("Sheet", "Cut cells"), shortcuts=("Ctrl+X",), context=Context.SHEET)
FILL: Final = Command("sheet.fill", mark("Sheet", "Fill down"), shortcuts=("Ctrl+D",), context=Context.SHEET)
CLEAR: Final = Command("sheet.clear", mark("Sheet", "Empty cells"), shortcuts=("Del",), context=Context.SHEET)
EDIT: Final = Command("sheet.edit", mark("Sheet", "Edit the cell"), shortcuts=("F2", "Return"), context=Context.SHEET)
FIND: Final = Command("sheet.find", mark("Sheet", "Find and replace"), shortcuts=("Ctrl+H",), context=Context.SHEET)
SAVE: Final = Command("sheet.save", mark("Sheet", "Save changes"), shortcuts=("Ctrl+S",), context=Context.SHEET)
UNDO: Final = Command(
    "sheet.undo", mark("Sheet", "Take back what was typed"), shortcuts=("Ctrl+Z",), context=Context.SHEET
)
REDO: Final = Command(
    "sheet.redo", mark("Sheet", "Type it again"), shortcuts=("Ctrl+Y", "Ctrl+Shift+Z"), context=Context.SHEET
)
KEYS: Final = (EDIT, COPY, CUT, PASTE, FILL, CLEAR, FIND, UNDO, REDO, SAVE)
