"""What an inspector knows of the selection: the facts of one object, and the annotations of the sections that are open.

The selection may change with every arrow key: nothing is asked before it rests, what is under way for an older one is
given up, and what was shown stays until the new is there. Edits that are on their way are told beside what the server
has (`pending`), from the moment in which they are made until the section has been read again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from omero_desk.entities.annotations import About, Annotation, Section
from omero_desk.entities.edits import Receipt
from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Entity, Ref
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.annotations.source import ReadsAnnotations
from omero_desk.models.annotations.whose import Whose, of
from omero_desk.models.messages import Message, describe
from omero_desk.models.tasks import TaskOwner, Tasks

REST_MS: Final = 80
"""Milliseconds for which a selection has to stay before anything is asked about it."""
MOST: Final = 2000
"""Objects whose annotations are listed together."""
_ABOUT: Final = "about"


@dataclass(frozen=True, slots=True)
class Contents:
    """The annotations of a section: None as long as nobody has read them; `problem` says why they cannot be read."""

    annotations: tuple[Annotation, ...] | None = None
    is_loading: bool = False
    problem: Message | None = None


class InspectorModel(TaskOwner, QObject):
    """The facts and annotations of what is selected.

    `changed`: other objects, or more is known of them. `section_changed`: a section has other contents, or there are
    other edits of it; it carries the section. `moving`: others are selected, and nothing more is to be read of those
    that are still shown. `number_of` gives the numbers beside the titles.
    """

    changed = Signal()
    moving = Signal()
    section_changed = Signal(object)

    def __init__(
        self,
        reader: ReadsAnnotations,
        edits: EditsModel,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.entities: Sequence[Entity] = ()
        """The objects that are shown: what is done here is done to them, also while others are selected already."""
        self.able: Sequence[Entity] = ()
        """Those of them that the user may annotate; where they are too many to look through, all."""
        self.refs: tuple[Ref, ...] = ()
        """The selected objects that can have annotations, each once; none where they are too many to list."""
        self.about: About | None = None
        self.problem: Message | None = None
        self.whose = Whose.ALL
        """Whose annotations `contents` has."""
        self._reader, self._edits = reader, edits
        self._tasks = Tasks(report)
        self._open: set[Section] = set()
        self._contents: dict[Section, Contents] = {}
        self._settling: dict[int, PendingEdit] = {}
        self._stale: set[Section] = set()
        """The sections that are to be read again once no more edits of them are on their way."""
        self._told: tuple[PendingEdit, ...] = ()
        self._next: Sequence[Entity] = ()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._begin)
        edits.changed.connect(self._follow_edits)
        edits.done.connect(self._take)

    # What is shown

    @property
    def is_resting(self) -> bool:
        """True while other objects are selected than those that are shown, since a moment ago."""
        return self._rest.isActive()

    @property
    def is_one(self) -> bool:
        """True if one object is selected."""
        return len(self.entities) == 1

    @property
    def is_too_many(self) -> bool:
        """True if there are more objects than whose annotations are listed."""
        return len(self.entities) > MOST

    def contents(self, section: Section) -> Contents:
        """Return what is known of a section, as far as it is to be shown; ratings always are."""
        known = self.all_contents(section)
        if known.annotations is None or self.whose is Whose.ALL or section is Section.RATINGS:
            return known
        return replace(known, annotations=of(known.annotations, self.whose, self._user_id))

    def all_contents(self, section: Section) -> Contents:
        """Return what is known of a section, whosever annotations are shown."""
        return self._contents.get(section, Contents())

    def number_of(self, section: Section) -> int | None:
        """Return the number of different annotations of a section that are shown, None where it is not known."""
        read = self.contents(section).annotations
        if read is not None:
            return len(read)
        if self.about is not None and self.whose is Whose.ALL:
            return self.about.counts.get(section, 0)
        return None

    def pending(self, section: Section | None) -> tuple[PendingEdit, ...]:
        """Return the edits of a section that are not in its contents yet; None for those of names and descriptions."""
        mine = {edit.id: edit for edit in self._settling.values()}
        mine |= {edit.id: edit for edit in self._edits.of(self._few)}
        return tuple(edit for edit in mine.values() if self._section_of(edit) is section)

    # Commands

    def look_at(self, entities: Sequence[Entity]) -> None:
        """Look at other objects once they have been selected for a moment.

        Where they are the same as before nothing is asked anew.
        """
        before, self._next = self._next, entities
        if _are_same(before, entities):
            if not self._rest.isActive():
                self._take_entities()
            return
        self._tasks.cancel_all()
        self.moving.emit()
        if entities:
            self._rest.start()
        else:
            self._rest.stop()
            self._begin()

    def hurry(self) -> None:
        """Show what is selected at once: the user has asked for something to be done with it here."""
        if self.is_resting:
            self._rest.stop()
            self._begin()

    def open(self, section: Section, is_open: bool = True) -> None:
        """The user opened or closed a section: what is in it is read once it is open."""
        (self._open.add if is_open else self._open.discard)(section)
        if is_open and not self._rest.isActive() and self.all_contents(section).annotations is None:
            self._read(section)

    def show(self, whose: Whose) -> None:
        """Show other people's annotations, or one's own, or all."""
        if whose is not self.whose:
            self.whose = whose
            self.changed.emit()
            for section in Section:
                self.section_changed.emit(section)

    def refresh(self) -> None:
        """Read everything again that is shown."""
        if self.entities:
            self._ask_about()
            for section in [*self._contents]:
                self._read(section)

    def again(self, section: Section) -> None:
        """Read a section once more that could not be read."""
        self._read(section)

    # Reading

    def _begin(self) -> None:
        self._take_entities()
        self._settling.clear()
        self._stale.clear()
        self.about, self.problem = None, None
        self._contents.clear()
        self._ask_about()
        for section in [one for one in Section if one in self._open]:
            self._read(section)
        self.changed.emit()
        for section in Section:
            self.section_changed.emit(section)

    def _take_entities(self) -> None:
        """Show what is selected: the same objects may have other rights now."""
        self.entities = self._next
        self.refs = tuple(dict.fromkeys(one.ref for one in self._few if one.annotation_count is not None))
        able = [one for one in self._few if one.annotation_count is not None and one.permissions.can_annotate]
        self.able = able if not self.is_too_many else self.entities

    def _ask_about(self) -> None:
        if self.is_one and self.refs:
            self._tasks.start(_ABOUT, self._look(self.refs[0]))

    async def _look(self, ref: Ref) -> None:
        try:
            self.about, self.problem = await self._reader.about(ref), None
        except GatewayError as error:
            self.problem = describe(error)
        self.changed.emit()

    def _read(self, section: Section) -> None:
        if not self.refs or (section is Section.RATINGS and self.is_one):  # `about` has those of one object
            return
        self._stale.discard(section)
        self._contents[section] = replace(self.all_contents(section), is_loading=True, problem=None)
        self._tasks.start(section, self._load(section, self.refs))
        self.section_changed.emit(section)

    async def _load(self, section: Section, refs: tuple[Ref, ...]) -> None:
        settled = [number for number, edit in self._settling.items() if edit.section is section]
        try:
            found = tuple(await self._reader.annotations(refs, section))
        except GatewayError as error:
            self._contents[section] = replace(self.all_contents(section), is_loading=False, problem=describe(error))
        else:
            self._contents[section] = Contents(found)
            for number in settled:
                self._settling.pop(number, None)
        self.section_changed.emit(section)

    # Edits

    def _follow_edits(self) -> None:
        """Tell of the sections whose edits are others, and read those of which none is on its way any more."""
        now = self._edits.of(self._few)
        if now == self._told:
            return
        after, before = ({id(edit): edit for edit in edits} for edits in (now, self._told))
        both = {**before, **after}  # edits are frozen: one that has changed is another
        touched = {self._section_of(both[one]) for one in after.keys() ^ before.keys()}
        self._told = now
        for section in touched:
            if section is None:
                self.changed.emit()
            else:
                self.section_changed.emit(section)
        for section in [*self._stale]:
            self._read_if_last(section)

    def _take(self, edit: PendingEdit, _receipt: Receipt) -> None:
        """Have a section read again in which something was saved; the edit shows until then."""
        if set(self.refs).isdisjoint(edit.edit.refs) and self._showing(edit) is None:
            return
        section = self._section_of(edit)
        if section is not None and section in self._contents:
            self._settling[edit.id] = replace(edit, state=EditState.DONE)
            self._stale.add(section)
            self.section_changed.emit(section)
            self._read_if_last(section)
        self._ask_about()

    def _read_if_last(self, section: Section) -> None:
        """Read a section again unless more edits of it follow: then once, after the last.

        The pairs of one object are read after each: a further edit may be of the annotation that the last one made.
        """
        waits = any(
            edit.state is not EditState.GIVEN_BACK and self._section_of(edit) is section
            for edit in self._edits.of(self._few)
        )
        if not waits or (self.is_one and section is Section.KEY_VALUES):
            self._read(section)

    @property
    def _user_id(self) -> int | None:
        author = self._edits.author
        return author.user_id if author is not None else None

    def _section_of(self, edit: PendingEdit) -> Section | None:
        """Return the section that an edit changes: that of its annotation, since a table is a file by its type."""
        return self._showing(edit) or edit.section

    def _showing(self, edit: PendingEdit) -> Section | None:
        """Return the section that shows the annotation of an edit, None if none does."""
        identity = getattr(edit.edit, "annotation_id", None)
        if identity is None:
            return None
        read = ((section, contents.annotations or ()) for section, contents in self._contents.items())
        return next((section for section, found in read if any(one.id == identity for one in found)), None)

    @property
    def _few(self) -> Sequence[Entity]:
        """The objects, none where they are too many to look through at each change."""
        return () if self.is_too_many else self.entities


def _are_same(one: Sequence[Entity], other: Sequence[Entity]) -> bool:
    """Return whether two selections are of the same objects, in whatever order; very many are not looked through."""
    if not one or len(one) != len(other):
        return not one and not other
    return one is other or (len(one) <= MOST and {each.ref for each in one} == {each.ref for each in other})
