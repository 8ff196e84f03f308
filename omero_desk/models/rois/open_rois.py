"""The regions of interest of all open images, copied shapes, and regions that wait to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.rois import Shape
from omero_desk.models.messages import About, Action, Message, MessagesModel, Posted, Severity
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.source import ReadsRois
from omero_desk.models.tasks import Tasked, TaskOwner
from omero_desk.models.translation import plural, translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.models.untying import end


class RegionsModel(TaskOwner, QObject):
    """Opens and closes the regions of images. `copied_changed`: there are other shapes to paste; `unsaved_changed`: the
    number of unsaved shapes may be another.

    Unsaved regions of an image that is closed are kept, and shown when it is opened again by the same user.
    """

    copied_changed = Signal()
    unsaved_changed = Signal()

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
        self._told: dict[RoisModel, Posted] = {}
        self._unwanted: set[RoisModel] = set()

    def open(self, ref: Ref) -> RoisModel:
        """Return the regions of an image, whose reading begins."""
        rois = next((rois for rois in self.kept if rois.ref == ref and rois.rights.is_own), None)
        if rois is not None:
            self.kept.remove(rois)
            self._retract(rois)
        else:
            rois = RoisModel(ref, self._source.bound(), self._account, self._messages.report, self)
            rois.state_changed.connect(self._tell_unsaved)
        self.open_rois.append(rois)
        rois.open()
        return rois

    def close(self, rois: RoisModel) -> None:
        """Close regions whose image was closed; keep them if something is unsaved or being saved."""
        self.open_rois.remove(rois)
        if rois.unsaved and rois not in self._unwanted:
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
        """The number of shapes that would be lost."""
        return sum(len(rois.unsaved) for rois in (*self.open_rois, *self.kept) if rois not in self._unwanted)

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the unsaved shapes of all images, as what would be lost."""
        number = self.unsaved
        if not number:
            return ()
        words = plural("ROIs", "%n shapes are not saved", "%n shape is not saved", number)
        return (Unsaved(words, self.unsaved_changed, self.save_all, self.discard_all),)

    def save_all(self) -> None:
        """Save the unsaved shapes of all images."""
        for rois in (*self.open_rois, *self.kept):
            rois.save()

    def discard(self, rois: RoisModel) -> None:
        """Discard the unsaved regions that were kept of a closed image."""
        if rois in self.kept:
            self.kept.remove(rois)
            self._retract(rois)
            self._end(rois)

    def discard_all(self) -> None:
        """Discard the unsaved shapes of all images; those of open ones go when they are closed."""
        for rois in tuple(self.kept):
            self.discard(rois)
        self._unwanted.update(self.open_rois)
        self.unsaved_changed.emit()

    @property
    @override
    def _at_work(self) -> Iterable[Tasked]:
        return *self.open_rois, *self.kept

    def _tell_unsaved(self) -> None:
        self.unsaved_changed.emit()

    def _forget_saved(self) -> None:
        for rois in [rois for rois in self.kept if not rois.unsaved and not rois.is_saving]:
            self.discard(rois)

    def _end(self, rois: RoisModel) -> None:
        self._unwanted.discard(rois)
        rois.cancel_all()
        end(rois)

    def _tell(self, rois: RoisModel) -> None:
        count = len(rois.unsaved)
        text = plural(
            "ROIs",
            "%n shapes are not saved. They are kept until the program ends: open the image again to see them.",
            "%n shape is not saved. It is kept until the program ends: open the image again to see it.",
            count,
        )
        save, discard = translate("ROIs", "&Save shapes"), translate("ROIs", "&Discard shapes")
        actions = Action(save, lambda: self._save(rois)), Action(discard, lambda: self.discard(rois))
        about = About(self._messages.account(), rois.ref)
        self._told[rois] = self._messages.post(Message(text, "", Severity.WARNING, actions, about=about))

    def _save(self, rois: RoisModel) -> None:
        """Save regions that are still kept; those that were discarded stay so, whatever button is in sight."""
        if rois in self.kept:
            rois.save()

    def _retract(self, rois: RoisModel) -> None:
        """Take back that shapes are not saved: they are by now, or they are in sight again."""
        told = self._told.pop(rois, None)
        if told is not None:
            told.retract()
