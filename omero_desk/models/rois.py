"""The regions of interest of an image that is looked at: read in the background, selected, changed and saved."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Ref
from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.image_entities import Color
from omero_desk.gateway.roi_entities import RoiCounts, Shape, ShapeKind
from omero_desk.imaging.composite import Picture
from omero_desk.imaging.outlines import mask_picture
from omero_desk.models.mask_bits import MaskBits
from omero_desk.models.roi_loading import Found, RoiLoading
from omero_desk.models.roi_rights import RoiRights
from omero_desk.models.roi_saving import saved
from omero_desk.models.roi_source import ReadsRois
from omero_desk.models.shape_index import Scene
from omero_desk.models.shapes import Shapes
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Viewport

AT_ONCE: Final = 2000
"""So many shapes are read with the image; more of them when somebody wants to see them."""
_LOAD: Final = "load"
_SAVE: Final = "save"


class RoisModel(QObject):
    """The regions of one image.

    `counted`: it is known how many there are; `added` (first and last key): more shapes are there; `changed` (keys):
    some are others, or gone; `selected`: others are selected; `drawn_changed`: bits of masks have come, or everything
    is shown or hidden; `state_changed`: something is under way, is unsaved or has failed, or no longer.
    """

    counted = Signal()
    added = Signal(int, int)
    changed = Signal(object)
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
        self._working = self._tasks, self._masks

    # Reading

    @property
    def counts(self) -> RoiCounts | None:
        """How many there are, once that is known."""
        return self._loading.counts

    def open(self) -> None:
        """Count them, and read them if they are few; once."""
        if not self.is_loading and self.counts is None:
            self._begin(_LOAD, self._open())

    def load(self) -> None:
        """Read them all, unless that was done or is under way; what failed is tried again."""
        if not self.is_loading and not self.is_complete:
            self._begin(_LOAD, self._load())

    @property
    def is_loading(self) -> bool:
        """Whether shapes are on their way."""
        return _LOAD in self._busy

    @property
    def is_complete(self) -> bool:
        """Whether all shapes have been read."""
        return self._loading.is_complete

    @property
    def is_saving(self) -> bool:
        """Whether changes are on their way."""
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
        """The bits of a mask; None while they are not there, then they are sent for."""
        return self._masks.of(self.shapes[key], self.shapes.former(key))

    def mask_picture(self, key: int, color: Color) -> Picture | None:
        """A mask in a colour, once its bits are there."""
        shape, bits = self.shapes[key], self.bits(key)
        if shape is None or not bits:
            return None
        width, height = (max(round(size), 1) for size in shape.numbers[2:])
        return mask_picture(bits, width, height, color)

    # What is in view and selected

    def scene(self, viewport: Viewport, z: int, t: int, margin: float) -> Scene:
        """What is to be drawn."""
        return self.shapes.index.scene(viewport, z, t, margin) if self.visible else Scene()

    def show_all(self, visible: bool) -> None:
        """Show everything, or nothing."""
        self.visible = visible
        self.drawn_changed.emit()
        self.state_changed.emit()

    def hide(self, keys: Sequence[int], hidden: bool) -> None:
        """Hide single shapes, or show them again."""
        self.shapes.index.hide(keys, hidden)
        self.changed.emit(tuple(keys))

    def is_hidden(self, key: int) -> bool:
        """Whether a shape is one of those that are hidden."""
        return self.shapes.index.is_hidden(key)

    @property
    def selection(self) -> tuple[int, ...]:
        """The keys of the selected shapes."""
        return self._selection

    def select(self, keys: Iterable[int]) -> None:
        """Select shapes, and no others."""
        selection = tuple(key for key in dict.fromkeys(keys) if self.shapes[key] is not None)
        if selection != self._selection:
            self._selection = selection
            self.selected.emit()

    def select_plane(self, z: int, t: int) -> None:
        """Select everything that is shown on a plane."""
        self.select(self.shapes.index.on_plane(z, t).tolist() if self.visible else ())

    def next_on_plane(self, z: int, t: int, step: int) -> int | None:
        """The key of the shape after (1) or before (-1) the one selected last, on a plane; None if there is none."""
        return self.shapes.index.next_on_plane(self._selection[-1] if self._selection else None, z, t, step)

    # What the user may do and does

    def can_edit(self, key: int) -> bool:
        """Whether the user may change a shape."""
        return self.rights.of(self.shapes.stored(key)).can_edit

    def can_delete(self, key: int) -> bool:
        """Whether the user may delete a shape."""
        return self.rights.of(self.shapes.stored(key)).can_delete

    def owner(self, key: int) -> str:
        """Who drew a shape."""
        return self.rights.owner(self.shapes.stored(key))

    def draw(self, *shapes: Shape, name: str = "Draw") -> tuple[int, ...]:
        """New shapes, which are selected then; their keys."""
        if not shapes:
            return ()
        keys = self.shapes.draw(shapes, name)
        self.added.emit(keys[0], keys[-1])
        self.select(keys)
        self.state_changed.emit()
        return tuple(keys)

    def change(self, after: Mapping[int, Shape], name: str, run: object = None) -> None:
        """Make other shapes of some; those that the user may not change stay. Steps of one `run` are undone as one."""
        self._tell(self.shapes.change({key: after[key] for key in after if self.can_edit(key)}, name, run))

    def comment(self, keys: Iterable[int], words: str) -> None:
        """Give shapes another comment."""
        self.change({key: replace(shape, text=words) for key, shape in self.shapes.of(keys).items()}, "Comment")

    def delete(self, keys: Iterable[int]) -> None:
        """Delete shapes; those that the user may not delete stay."""
        gone: dict[int, Shape | None] = dict.fromkeys(key for key in keys if self.can_delete(key))
        self._tell(self.shapes.change(gone, "Delete"))

    def copies(self, keys: Iterable[int]) -> tuple[Shape, ...]:
        """Shapes to be pasted elsewhere; a mask whose bits are not there yet is left out."""
        found = [
            replace(shape, bits=self.bits(key)) if shape.kind == ShapeKind.MASK else shape
            for key, shape in self.shapes.of(keys).items()
        ]
        return tuple(shape for shape in found if shape.kind != ShapeKind.MASK or shape.bits is not None)

    def undo(self) -> None:
        """Take the last step back."""
        self._tell(self.shapes.undo())

    def redo(self) -> None:
        """Do again what was undone last."""
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
        """The keys of what the server does not have as it is here."""
        return self.shapes.unsaved

    def save(self) -> None:
        """Send everything that is unsaved; what is refused stays, with its reason in `errors`."""
        if self.unsaved and not self.is_saving:
            self.errors.clear()
            self._begin(_SAVE, self._save())

    async def _save(self) -> None:
        if not self.rights.is_own:
            raise FailedError("Somebody else has drawn this, who is not signed in now.")
        changes, lost = await self._masks.completed(self.shapes.to_save(), self.shapes.former)
        self.errors.update(dict.fromkeys(lost, FailedError("What this mask covers is not known any more.")))
        async for stored, errors in saved(self.ref, changes, self._reader):
            self.rights.learn_own()
            self.shapes.saved(stored)
            self._show_again(key for key in errors if key in stored)
            self.errors.update(errors)
            self.changed.emit((*stored, *errors))

    def _show_again(self, keys: Iterable[int]) -> None:
        """What was deleted here, and is not what it was then any more."""
        self.revert([key for key in keys if self.shapes[key] is None])

    def revert(self, keys: Iterable[int]) -> None:
        """Make shapes what the server has again; those that it does not have are gone."""
        self._tell(self.shapes.change(self.shapes.stored_of(keys), "Revert"))

    def cancel_all(self) -> None:
        """Give up what is under way."""
        for tasks in self._working:
            tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for tasks in self._working:
            await tasks.finished()

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        self.problem = None
        self._busy.add(key)
        self._tasks.start(key, self._told(key, work))
        self.state_changed.emit()

    async def _told(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except GatewayError as error:
            self.problem = error
        finally:
            self._busy.discard(key)
            self.state_changed.emit()
