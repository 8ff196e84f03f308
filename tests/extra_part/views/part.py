"""Visits as a part of the window: a page at the bottom and a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QLabel
from typing_extensions import override

from omero_desk.entities.objects import Account
from omero_desk.entities.sentences import mark
from omero_desk.models.translation import plural, translate
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.widgets.page import Page
from tests.extra_part.models.visits import ReadsVisits, VisitsModel

RESET: Final = Command(
    "visits.reset",
    mark("Visits", "Forget &visits"),
    "clear",
    ("Ctrl+Shift+F9",),
    mark("Visits", "Count visits from nought again"),
    (MenuPlace(Menu.TOOLS),),
)


class VisitsPart(Part):
    """Counts what is selected; forgets it when somebody leaves, and says how often at the next start."""

    def __init__(self, shared: Shared, reader: ReadsVisits) -> None:
        self._shared = shared
        self.model = VisitsModel(reader, shared.messages.report, shared.window)
        self.label = QLabel()
        self.page = Page("visits", self.label, translate("Visits", "Visits"), "history")
        self.models = (self.model,)
        self.bottom = (self.page,)
        self.model.changed.connect(self._show)
        self._show()

    @override
    def commands(self) -> Iterable[Binding]:
        return (Binding(RESET, self.model.reset, self._why_nothing),)

    @override
    def entered(self, account: Account) -> None:
        self.model.reset()

    @override
    def left(self) -> None:
        self.model.reset()

    @override
    def selection_changed(self) -> None:
        self.model.visit([entity.ref for entity in self._shared.selection.entities])

    @override
    def save_state(self) -> Mapping[str, Any]:
        return {"visits": self.model.count}

    @override
    def restore_state(self, state: Mapping[str, Any]) -> None:
        self.model.count = state.get("visits", 0)
        self._show()

    def _show(self) -> None:
        self.label.setText(plural("Visits", "%n visits", "%n visit", self.model.count))
        self._shared.commands.refresh()

    def _why_nothing(self) -> str:
        return "" if self.model.count else translate("Visits", "Nothing was visited yet")
