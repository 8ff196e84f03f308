"""What the main window does with several images at once: it shows them side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from omero_desk.gateway.entities import Entity, Kind
from omero_desk.models import labels
from omero_desk.models.messages import MessagesModel
from omero_desk.views.centre_view import CentreView
from omero_desk.views.compare_view import MOST

COMMANDS = "compare", "beside"


class ComparePart(QObject):
    """The commands that show what is selected side by side."""

    def __init__(self, centre: CentreView, messages: MessagesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._centre, self._messages = centre, messages
        self._images: tuple[Entity, ...] = ()

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"compare": self._open, "beside": self._add}

    def select(self, entities: Sequence[Entity], actions: Mapping[str, QAction]) -> None:
        """Something else is selected: the commands that mean something can be used."""
        self._images = tuple(entity for entity in entities if entity.ref.kind == Kind.IMAGE)
        actions["compare"].setEnabled(len(self._images) > 1)
        actions["beside"].setEnabled(bool(self._images))

    def _open(self) -> None:
        """Show the images in a tab of their own, as many as there is room for."""
        self._centre.open_side_by_side([(image.ref, labels.name(image)) for image in self._images[:MOST]])
        self._tell(MOST)

    def _add(self) -> None:
        """Show the images beside those that are shown."""
        for number, image in enumerate(self._images):
            if self._centre.show_beside(image.ref, labels.name(image)) is None:
                self._tell(number)
                return

    def _tell(self, shown: int) -> None:
        if shown < len(self._images):
            words = f"The first {shown} of {len(self._images):,} images are shown" if shown else "There is no room"
            self._messages.inform(f"{words}: {MOST} images stand side by side.")
