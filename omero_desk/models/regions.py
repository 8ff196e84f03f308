"""The regions of interest of all images that are open, and those that were copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Ref
from omero_desk.gateway.roi_entities import Shape
from omero_desk.models.roi_source import ReadsRois
from omero_desk.models.rois import RoisModel


class RegionsModel(QObject):
    """Opens and closes the regions of images. `copied_changed`: there are other shapes to paste."""

    copied_changed = Signal()

    def __init__(
        self,
        source: ReadsRois,
        account: Callable[[], Account | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.open_rois: list[RoisModel] = []
        self.copied: tuple[Shape, ...] = ()
        self._parts = source, account, report

    def open(self, ref: Ref) -> RoisModel:
        """The regions of an image, on their way."""
        rois = RoisModel(ref, *self._parts, parent=self)
        self.open_rois.append(rois)
        rois.open()
        return rois

    def close(self, rois: RoisModel) -> None:
        """Give up what is under way for an image, and what is unsaved."""
        rois.cancel_all()
        self.open_rois.remove(rois)
        rois.deleteLater()

    def copy(self, shapes: tuple[Shape, ...]) -> None:
        """Keep shapes to be pasted here or into another image."""
        if shapes:
            self.copied = shapes
            self.copied_changed.emit()

    @property
    def unsaved(self) -> int:
        """How many shapes would be lost."""
        return sum(len(rois.unsaved) for rois in self.open_rois)

    def cancel_all(self) -> None:
        """Give everything up."""
        for rois in self.open_rois:
            rois.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for rois in self.open_rois:
            await rois.finished()
