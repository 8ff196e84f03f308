"""The pages that what is in front brings along for the inspector, such as the channels of an image."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.objects import Ref
from omero_desk.views.widgets.page import Page


class FrontPages(QObject):
    """Whoever owns what is in front tells its pages; `changed` then has the inspector show them.

    `image` is the image in front, None for what is selected instead; `image_changed`: it is another one.
    """

    changed = Signal()
    image_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pages: tuple[Page, ...] = ()
        self.image: Ref | None = None

    def bring(self, pages: Iterable[Page], image: Ref | None = None) -> None:
        """Show these beside the pages that are always there; `image` is what they are about."""
        if image != self.image:
            self.image = image
            self.image_changed.emit()
        wanted = tuple(pages)
        if wanted != self.pages:
            self.pages = wanted
            self.changed.emit()
