"""Activities as a part of the window: a page of the bottom region, and a place in the status bar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtWidgets import QApplication
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.translation import translate
from omero_desk.views.activities.activities_panel import ActivitiesPanel
from omero_desk.views.activities.activity_status import ActivityStatus
from omero_desk.views.activities.notifier import EndNotices, PortalNotifier
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.widgets.page import Page

ACTIVITIES: Final = Command(
    "activities",
    mark("Activities", "&Activities"),
    "activity",
    tip=mark("Activities", "What is under way, and what has ended"),
    places=(MenuPlace(Menu.TOOLS),),
)


class ActivitiesPart(Part):
    """Shows the `model`, into which other parts put what takes a while."""

    def __init__(self, shared: Shared) -> None:
        self.model = ActivitiesModel(shared.window)
        self.panel = ActivitiesPanel(self.model)
        title = translate("Activities", "Activities")
        self.page = Page("activities", self.panel, title, "activity", self.panel.clear)
        self.status_widget = ActivityStatus(self.model)
        self.status_widget.wanted.connect(self.page.open)
        self.bottom = (self.page,)
        self.permanent_status = (self.status_widget,)
        self.model.changed.connect(self._entitle)
        self.model.long_running.connect(self._show)
        EndNotices(self.model, lambda: QApplication.activeWindow() is not None, PortalNotifier(), shared.window)

    @override
    def commands(self) -> Iterable[Binding]:
        return (Binding(ACTIVITIES, lambda _checked: self.page.open()),)

    @override
    def left(self) -> None:
        self.model.reset()

    def _entitle(self) -> None:
        title, number = translate("Activities", "Activities"), self.model.rowCount()
        self.page.entitle(f"{title} {number}" if number else title)

    def _show(self) -> None:
        """Bring the page into sight, unless another page of its region is read, and leave the keyboard where it is."""
        if not self.page.is_near:
            self.page.wanted.emit(False)
