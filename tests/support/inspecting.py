"""The inspector of a window, with what a user sees and does there."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from omero_desk.entities.objects import Ref
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.part import AnnotationsPart
from tests.support.editing_desk import Desk
from tests.support.running_desk import until


class Inspector:
    """The page of information of a desk, with what a user sees and does there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.part = desk.bench.workbench.part(AnnotationsPart)
        self.panel: DetailsPanel = self.part.details
        self.model = self.part.inspected
        self.history = self.part.history

    async def look_at(self, *refs: Ref) -> None:
        self.desk.select(*refs)
        await until(lambda: set(self.model.refs) == set(refs))
        await self.settled()

    async def settled(self) -> None:
        """Wait until every edit is saved and everything is read."""
        await until(lambda: not self.desk.edits.pending)
        await self.model.finished()
        await self.part.lookups.finished()
        await asyncio.sleep(0)

    def open(self, identity: str) -> None:
        self.panel.show_section(identity)

    @property
    def tags(self) -> list[str]:
        return [chip.words for chip in self.panel.tags.chips]

    @property
    def rating(self) -> str:
        return self.panel.head._rating.text()

    def number(self, identity: str) -> str:
        head = next(section.head for section in self.panel.sections if section.identity == identity)
        return head.accessibleName().removeprefix(head.text()).strip()

    async def type_tag(self, text: str) -> None:
        field = self.panel.tags.field
        field.setFocus()
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await until(lambda: not field.text())
        await self.settled()

    async def undo(self) -> None:
        self.desk.bench.command("library-undo").trigger()
        await self.settled()

    async def redo(self) -> None:
        self.desk.bench.command("library-redo").trigger()
        await self.settled()
