"""The regions of interest of an image that is looked at: read in the background, selected, changed and saved."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Permissions, Ref
from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.image_entities import Color
from omero_desk.gateway.roi_entities import RoiCounts, Shape, ShapeKind, StoredShape
from omero_desk.imaging.composite import Picture
from omero_desk.imaging.outlines import Box, mask_picture
from omero_desk.models.mask_bits import MaskBits
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
        self.counts: RoiCounts | None = None
        self.shapes = Shapes()
        self.problem: GatewayError | None = None
        self.errors: dict[int, GatewayError] = {}
        self.visible = True
        self._reader, self._account = reader, account
        self._whose = _user(account())
        self.report, self.source = report, reader
        self._selection: tuple[int, ...] = ()
        self._masks = MaskBits(reader.masks, report, self)
        self._masks.arrived.connect(self.drawn_changed)
        self._loaded: set[str] = set()
        self._tasks = Tasks(report)
        self._busy: set[str] = set()
        self._working = self._tasks, self._masks

    # Reading

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
        return self.counts is not None and self._loaded.issuperset(self.counts.shapes)

    @property
    def is_saving(self) -> bool:
        """Whether changes are on their way."""
        return _SAVE in self._busy

    async def _open(self) -> None:
        await self._count()
        if self.counts is not None and self.counts.total <= AT_ONCE:
            await self._load()

    async def _count(self) -> None:
        try:
            self.counts = await self._reader.counts(self.ref)
        except GatewayError as error:
            self.problem = error
        self.counted.emit()

    async def _load(self) -> None:
        if self.counts is None:
            await self._count()
        for kind in self.counts.shapes if self.counts is not None else ():
            if kind not in self._loaded:
                await self._load_kind(kind)

    async def _load_kind(self, kind: str) -> None:
        known = {stored.id for key in self.shapes.keys if (stored := self.shapes.stored(key)) is not None}
        offset, more = 0, True
        while more:
            try:
                page, boxes, more = await self._reader.page(self.ref, kind, offset)
            except GatewayError as error:
                self.problem = error
                return
            offset += len(page)
            self._enter([(one, box) for one, box in zip(page, boxes, strict=True) if one.id not in known])
        self._loaded.add(kind)

    def _enter(self, found: Sequence[tuple[StoredShape, Box]]) -> None:
        if found:
            keys = self.shapes.load([stored for stored, _ in found], [box for _, box in found])
            self.added.emit(keys[0], keys[-1])

    def bits(self, key: int) -> bytes | None:
        """The bits of a mask; None while they are not there, then they are sent for."""
        shape, stored = self.shapes[key], self.shapes.stored(key)
        if shape is None or shape.bits is not None or stored is None:
            return shape.bits if shape is not None else None
        return self._masks.get(stored.id)

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

    def next_on_plane(self, z: int, t: int, step: int) -> int | None:
        """The key of the shape after (1) or before (-1) the one selected last, on a plane; None if there is none."""
        everywhere = (float("-inf"), float("-inf"), float("inf"), float("inf"))
        keys = self.shapes.index.inside(everywhere, z, t).tolist()
        if not keys:
            return None
        last = self._selection[-1] if self._selection else None
        if last not in keys:
            return int(keys[0 if step > 0 else -1])
        return int(keys[(keys.index(last) + step) % len(keys)])

    # What the user may do and does

    def can_edit(self, key: int) -> bool:
        """Whether the user may change a shape."""
        allowed = self._allowed(key)
        return allowed is None or allowed.can_edit

    def can_delete(self, key: int) -> bool:
        """Whether the user may delete a shape."""
        allowed = self._allowed(key)
        return allowed is None or allowed.can_delete

    def _allowed(self, key: int) -> Permissions | None:
        stored = self.shapes.stored(key)
        if stored is None:
            return None
        known = self.counts.permissions if self.counts is not None else {}
        return known.get(stored.owner_id, Permissions())

    def owner(self, key: int) -> str:
        """Who drew a shape."""
        account, stored = self._account(), self.shapes.stored(key)
        if account is None or (stored is None) or stored.owner_id == account.user.id:
            return account.user.name if account is not None else ""
        person = account.people.get(stored.owner_id)
        return person.name if person is not None else f"User {stored.owner_id}"

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
        shapes = {key: shape for key in keys if (shape := self.shapes[key]) is not None}
        self.change({key: replace(shape, text=words) for key, shape in shapes.items()}, "Comment")

    def delete(self, keys: Iterable[int]) -> None:
        """Delete shapes; those that the user may not delete stay."""
        gone: dict[int, Shape | None] = dict.fromkeys(key for key in keys if self.can_delete(key))
        self._tell(self.shapes.change(gone, "Delete"))

    def copies(self, keys: Iterable[int]) -> tuple[Shape, ...]:
        """Shapes to be pasted elsewhere; a mask whose bits are not there yet is left out."""
        pairs = ((self.shapes[key], key) for key in keys)
        found = (replace(s, bits=self.bits(k)) if s.kind == ShapeKind.MASK else s for s, k in pairs if s is not None)
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

    @property
    def is_own(self) -> bool:
        """Whether who is signed in now is who has worked on these."""
        return self._whose == _user(self._account())

    async def _save(self) -> None:
        if not self.is_own:
            self.problem = FailedError("Somebody else has drawn this, who is not signed in now.")
            return
        async for stored, errors in saved(self.ref, self.shapes.to_save(), self._reader):
            self._saved(stored)
            self.errors.update(errors)
            self.changed.emit((*stored, *errors))

    def _saved(self, stored: Mapping[int, StoredShape | None]) -> None:
        self.shapes.saved(stored)
        self._learn_owner()

    def _learn_owner(self) -> None:
        """What the user draws, the user may change."""
        account = self._account()
        if account is not None and self.counts is not None and account.user.id not in self.counts.permissions:
            own = {account.user.id: Permissions(True, True, True, True)}
            self.counts = replace(self.counts, permissions={**self.counts.permissions, **own})

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
        finally:
            self._busy.discard(key)
            self.state_changed.emit()


def _user(account: Account | None) -> tuple[str, int] | None:
    return None if account is None else (account.server, account.user.id)
