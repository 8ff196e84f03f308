"""The regions of interest of all images that are open, those that were copied, and those that wait to be saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Ref
from omero_desk.gateway.roi_entities import Shape
from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.models.roi_source import ReadsRois
from omero_desk.models.rois import RoisModel


class RegionsModel(QObject):
    """Opens and closes the regions of images. `copied_changed`: there are other shapes to paste.

    What is unsaved when an image is closed is kept, and is there again when the image is opened again.
    """

    copied_changed = Signal()

    def __init__(
        self,
        source: ReadsRois,
        account: Callable[[], Account | None],
        messages: MessagesModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.open_rois: list[RoisModel] = []
        self.kept: list[RoisModel] = []
        self.copied: tuple[Shape, ...] = ()
        self._source, self._account, self._messages = source, account, messages

    def open(self, ref: Ref) -> RoisModel:
        """The regions of an image, on their way."""
        rois = next((rois for rois in self.kept if rois.ref == ref and rois.rights.is_own), None)
        if rois is not None:
            self.kept.remove(rois)
        else:
            rois = RoisModel(ref, self._source, self._account, self._messages.report, self)
        self.open_rois.append(rois)
        rois.open()
        return rois

    def close(self, rois: RoisModel) -> None:
        """Nobody looks at them any more; what is unsaved, or is just being saved, is kept."""
        self.open_rois.remove(rois)
        if rois.unsaved:
            self.kept.append(rois)
            rois.state_changed.connect(self._forget_saved)
            if not rois.is_saving:
                self._tell(rois)
        else:
            self._end(rois)

    def copy(self, shapes: tuple[Shape, ...]) -> None:
        """Keep shapes to be pasted here or into another image."""
        if shapes:
            self.copied = shapes
            self.copied_changed.emit()

    @property
    def unsaved(self) -> int:
        """How many shapes would be lost."""
        return sum(len(rois.unsaved) for rois in (*self.open_rois, *self.kept))

    def save_all(self) -> None:
        """Save what is unsaved anywhere."""
        for rois in (*self.open_rois, *self.kept):
            rois.save()

    def discard(self, rois: RoisModel) -> None:
        """Forget what was kept of an image."""
        if rois in self.kept:
            self.kept.remove(rois)
            self._end(rois)

    def cancel_all(self) -> None:
        """Give everything up."""
        for rois in (*self.open_rois, *self.kept):
            rois.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for rois in (*self.open_rois, *self.kept):
            await rois.finished()

    def _forget_saved(self) -> None:
        for rois in [rois for rois in self.kept if not rois.unsaved and not rois.is_saving]:
            self.discard(rois)

    def _end(self, rois: RoisModel) -> None:
        rois.cancel_all()
        rois.deleteLater()

    def _tell(self, rois: RoisModel) -> None:
        number = len(rois.unsaved)
        shapes = "1 shape is" if number == 1 else f"{number:,} shapes are"
        text = f"{shapes} not saved: kept until the program ends, and there when the image is opened again."
        actions = Action("&Save", rois.save), Action("&Discard", lambda: self.discard(rois))
        self._messages.post(Message(text, severity=Severity.WARNING, actions=actions))
