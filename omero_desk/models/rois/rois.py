"""The regions of interest of an open image: read in the background, selected, changed and saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.images import Color
from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.rois import RoiCounts, Shape
from omero_desk.entities.sentences import mark
from omero_desk.imaging.composite import Picture
from omero_desk.imaging.mask_pixels import mask_cost, mask_picture, mask_sample
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.rois.loading import Found, RoiLoading
from omero_desk.models.rois.mask_bits import MaskBits
from omero_desk.models.rois.rights import RoiRights
from omero_desk.models.rois.saving import saved
from omero_desk.models.rois.shape_index import Scene
from omero_desk.models.rois.shapes import Shapes
from omero_desk.models.rois.source import ReadsRois
from omero_desk.models.tasks import Tasked, TaskOwner, Tasks
from omero_desk.models.translation import translate

AT_ONCE: Final = 2000
"""Shapes that are read with the image; if there are more, they are read when the user asks for them."""
_LOAD: Final = "load"
_SAVE: Final = "save"


class RoisModel(TaskOwner, QObject):
    """The regions of one image.

    `counted`: the number of shapes is known; `added` (first key, last key): shapes were read or drawn; `changed` (a
    tuple of keys): shapes were changed, hidden or deleted; `selected`: the selection has changed; `drawn_changed`: bits
    of masks have arrived, or all shapes were shown or hidden; `state_changed`: what is under way, unsaved or has failed
    is different now.
    """

    counted = Signal()
    added = Signal(int, int)
    changed = Signal(tuple)
    selected = Signal()
    drawn_changed = Signal()
    state_changed = Signal()

    def __init__(
        self,
        ref: Ref,
        reader: ReadsRois,
        account: Callable[[], Account | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.ref = ref
        self.shapes = Shapes()
        self.problem: GatewayError | None = None
        self.errors: dict[int, GatewayError] = {}
        self.visible = True
        self._reader = reader
        self.rights = RoiRights(account)
        self._loading = RoiLoading(ref, reader, self._enter)
        self.report, self.source = report, reader
        self._selection: tuple[int, ...] = ()
        self._masks = MaskBits(reader.masks, report, self)
        self._masks.arrived.connect(self.drawn_changed)
        self._tasks = Tasks(report)
        self._busy: set[str] = set()

    @property
    @override
    def _at_work(self) -> Iterable[Tasked]:
        return self._tasks, self._masks

    # Reading

    @property
    def counts(self) -> RoiCounts | None:
        """The numbers of regions and shapes, None while they are not known."""
        return self._loading.counts

    def open(self) -> None:
        """Count the shapes, and read them if they are few; only once."""
        if not self.is_loading and self.counts is None:
            self._begin(_LOAD, self._open)

    def load(self) -> None:
        """Read all shapes, unless that was done or is under way; after a failure it is tried again."""
        if not self.is_loading and not self.is_complete:
            self._begin(_LOAD, self._load)

    @property
    def is_loading(self) -> bool:
        """True while shapes are being read."""
        return _LOAD in self._busy

    @property
    def is_complete(self) -> bool:
        """True once all shapes have been read."""
        return self._loading.is_complete

    @property
    def is_saving(self) -> bool:
        """True while changes are being saved."""
        return _SAVE in self._busy

    async def _open(self) -> None:
        await self._count()
        if self.counts is not None and self.counts.total <= AT_ONCE:
            await self._loading.load()

    async def _count(self) -> None:
        self.rights.learn(await self._loading.count())
        self.counted.emit()

    async def _load(self) -> None:
        if self.counts is None:
            await self._count()
        await self._loading.load()

    def _enter(self, found: Found) -> None:
        known = self.shapes.ids
        new = [(stored, box) for stored, box in found if stored.id not in known]
        if new:
            keys = self.shapes.load([stored for stored, _ in new], [box for _, box in new])
            self.added.emit(keys[0], keys[-1])

    def bits(self, key: int) -> bytes | None:
        """Return the bits of a mask; None while they are not there, then they are requested."""
        return self._masks.of(self.shapes[key], self.shapes.former(key))

    def mask_picture(self, key: int, color: Color, part: Rect, step: int, is_sample: bool) -> Picture | None:
        """Return part of a mask as a picture (height, width, 4) in a colour, None while its bits are not there.

        One of its pixels stands for `step` by `step` of the mask; for a sample only one of those is looked at.
        """
        shape, bits = self.shapes[key], self.bits(key)
        if shape is None or not bits:
            return None
        width, height = (max(round(size), 1) for size in shape.numbers[2:])
        draw = mask_sample if is_sample else mask_picture
        return draw(bits, width, height, color, (part.x, part.y, part.width, part.height), step)

    @staticmethod
    def mask_cost(part: Rect, step: int) -> int:
        """Return how many numbers a picture of part of a mask that is no sample goes through."""
        return mask_cost((part.x, part.y, part.width, part.height), step)

    # What is in view and selected

    def scene(self, viewport: Viewport, z: int, t: int, margin: float) -> Scene:
        """Return what is to be drawn."""
        return self.shapes.index.scene(viewport, z, t, margin) if self.visible else Scene()

    def show_all(self, visible: bool) -> None:
        """Show all shapes, or none."""
        self.visible = visible
        self.drawn_changed.emit()
        self.state_changed.emit()

    def hide(self, keys: Sequence[int], hidden: bool) -> None:
        """Hide single shapes, or show them again."""
        self.shapes.index.hide(keys, hidden)
        self.changed.emit(tuple(keys))

    def is_hidden(self, key: int) -> bool:
        """Return whether a shape is hidden."""
        return self.shapes.index.is_hidden(key)

    @property
    def selection(self) -> tuple[int, ...]:
        """The keys of the selected shapes, in the order of their selection."""
        return self._selection

    def select(self, keys: Iterable[int]) -> None:
        """Select shapes, and no others."""
        selection = tuple(key for key in dict.fromkeys(keys) if self.shapes[key] is not None)
        if selection != self._selection:
            self._selection = selection
            self.selected.emit()

    def select_plane(self, z: int, t: int) -> None:
        """Select all shapes that are shown on a plane."""
        self.select(self.shapes.index.on_plane(z, t).tolist() if self.visible else ())

    def next_on_plane(self, z: int, t: int, step: int) -> int | None:
        """Return the key after (1) or before (-1) the last selected shape on a plane, None if there is none."""
        return self.shapes.index.next_on_plane(self._selection[-1] if self._selection else None, z, t, step)

    # What the user may do and does

    def can_edit(self, key: int) -> bool:
        """Return whether the user may change a shape."""
        return self.rights.of(self.shapes.stored(key)).can_edit

    def can_delete(self, key: int) -> bool:
        """Return whether the user may delete a shape."""
        return self.rights.of(self.shapes.stored(key)).can_delete

    def owner(self, key: int) -> str:
        """Return the name of who drew a shape."""
        return self.rights.owner(self.shapes.stored(key))

    def draw(self, *shapes: Shape, name: str = "") -> tuple[int, ...]:
        """Add new shapes, select them, and return their keys; `name` is that of the step in the history."""
        if not shapes:
            return ()
        keys = self.shapes.draw(shapes, name or translate("ROIs", "Draw"))
        self.added.emit(keys[0], keys[-1])
        self.select(keys)
        self.state_changed.emit()
        return tuple(keys)

    def change(self, after: Mapping[int, Shape], name: str, run: object = None) -> None:
        """Put other shapes in the place of some that the user may change; steps of the same `run` are undone as one."""
        self._tell(self.shapes.change({key: after[key] for key in after if self.can_edit(key)}, name, run))

    def comment(self, keys: Iterable[int], words: str) -> None:
        """Give shapes another comment."""
        name = translate("ROIs", "Edit comment")
        self.change({key: replace(shape, text=words) for key, shape in self.shapes.of(keys).items()}, name)

    def delete(self, keys: Iterable[int]) -> None:
        """Delete shapes, without those that the user may not delete."""
        gone: dict[int, Shape | None] = dict.fromkeys(key for key in keys if self.can_delete(key))
        self._tell(self.shapes.change(gone, translate("ROIs", "Delete")))

    def copies(self, keys: Iterable[int]) -> tuple[Shape, ...]:
        """Return shapes to be pasted elsewhere, without masks whose bits are not there yet."""
        found = [
            replace(shape, bits=self.bits(key)) if shape.form.is_mask else shape
            for key, shape in self.shapes.of(keys).items()
        ]
        return tuple(shape for shape in found if not shape.form.is_mask or shape.bits is not None)

    def undo(self) -> None:
        """Take the last step back."""
        self._tell(self.shapes.undo())

    def redo(self) -> None:
        """Repeat the step that was undone last."""
        self._tell(self.shapes.redo())

    def _tell(self, keys: tuple[int, ...]) -> None:
        if keys:
            for key in keys:
                self.errors.pop(key, None)
            self.changed.emit(keys)
            self.select(self._selection)
            self.state_changed.emit()

    # Saving

    @property
    def unsaved(self) -> tuple[int, ...]:
        """The keys of shapes that differ from the server's version."""
        return self.shapes.unsaved

    def save(self) -> None:
        """Save all unsaved shapes; those that are refused stay unsaved, with the reason in `errors`."""
        if self.unsaved and not self.is_saving:
            self.errors.clear()
            self._begin(_SAVE, self._save)

    async def _save(self) -> None:
        if not self.rights.is_own:
            raise FailedError(mark("ROIs", "These shapes belong to another user, who is not signed in now."))
        changes, lost = await self._masks.completed(self.shapes.to_save(), self.shapes.former)
        unknown = mark("ROIs", "The pixels of this mask are not known any more, so it cannot be restored.")
        self.errors.update(dict.fromkeys(lost, FailedError(unknown)))
        async for stored, errors in saved(self.ref, changes, self._reader):
            self.rights.learn_own()
            self.shapes.saved(stored)
            self._show_again(key for key in errors if key in stored)
            self.errors.update(errors)
            self.changed.emit((*stored, *errors))

    def _show_again(self, keys: Iterable[int]) -> None:
        """Show shapes again that were deleted here and have been changed by somebody else meanwhile."""
        self.revert([key for key in keys if self.shapes[key] is None])

    def revert(self, keys: Iterable[int]) -> None:
        """Put the server's versions in the place of shapes; those that it does not have are deleted."""
        self._tell(self.shapes.change(self.shapes.stored_of(keys), translate("ROIs", "Revert")))

    def _begin(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        self.problem = None
        self._busy.add(key)
        self._tasks.start(key, self._told(key, work))
        self.state_changed.emit()

    async def _told(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do work, and tell of its end; not of one that was cancelled, since nothing may be left to tell of it."""
        try:
            await work()
        except GatewayError as error:
            self.problem = error
        finally:
            self._busy.discard(key)
        self.state_changed.emit()
