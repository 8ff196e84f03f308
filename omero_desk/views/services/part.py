"""The service manager as a part of the window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.models.messages import Message, Severity
from omero_desk.models.services.services import Services, ServicesModel, WriteText
from omero_desk.models.translation import translate
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.services.commands import KEYS
from omero_desk.views.services.services_panel import ServicesPanel
from omero_desk.views.widgets.page import Page

SERVICES: Final = Command(
    "services",
    mark("Services", "&Services"),
    "services",
    ("F12",),
    mark("Services", "Services: calls to the server"),
    (MenuPlace(Menu.TOOLS),),
)


class ServicesPart(Part):
    """Shows calls to the server, its lanes and open services."""

    keys = KEYS

    def __init__(self, shared: Shared, services: Services, write: WriteText) -> None:
        self._messages = shared.messages
        self.model = ServicesModel(services, write, shared.messages.report, shared.window)
        self.panel = ServicesPanel(self.model)
        self.page = Page("services", self.panel, translate("Services", "Services"), "services")
        self.models = (self.model,)
        self.bottom = (self.page,)
        self.panel.told.connect(self._tell)
        self.panel.failed.connect(self._tell_failure)
        self.page.shown.connect(self.model.watch)

    @override
    def commands(self) -> Iterable[Binding]:
        return (Binding(SERVICES, lambda _checked: self.page.open()),)

    def _tell(self, words: str) -> None:
        self._messages.inform(words)

    def _tell_failure(self, words: str) -> None:
        self._messages.post(Message(words, severity=Severity.ERROR))
