"""The tags that may be added, read when somebody begins to type one, and kept as long as no tag changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.annotations import Section, TagChoice
from omero_desk.entities.errors import GatewayError
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.annotations.source import ReadsAnnotations
from omero_desk.models.messages import describe
from omero_desk.models.tasks import TaskOwner, Tasks


class TagChoicesModel(TaskOwner, QObject):
    """The tags of one group at a time; `changed` tells of others. `problem` is the sentence why they are not known."""

    changed = Signal()

    def __init__(
        self,
        reader: ReadsAnnotations,
        edits: EditsModel,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.choices: Sequence[TagChoice] = ()
        self.problem = ""
        self._reader, self._tasks = reader, Tasks(report)
        self._group: int | None = None
        self._read_group: int | None = None
        self._offered: int | None = None
        """The group whose tags `choices` are, though some may have changed since."""
        edits.done.connect(self._take)

    def is_known(self, group_id: int | None) -> bool:
        """Return whether the tags of a group are here, or cannot be read."""
        return group_id is None or bool(self.problem) or group_id == self._read_group

    def want(self, group_id: int | None) -> None:
        """Read the tags of a group, unless they are here already."""
        if group_id is None or group_id == self._group:
            return
        if self.choices and group_id != self._offered:
            self.choices = ()
            self.changed.emit()
        self._group = self._offered = group_id
        self._tasks.start("tags", self._read(group_id))

    def clear(self) -> None:
        """Forget the tags: another account comes."""
        self._tasks.cancel_all()
        self._group, self._read_group, self.choices, self.problem = None, None, (), ""

    async def _read(self, group_id: int) -> None:
        try:
            self.choices, self.problem = tuple(await self._reader.tags(group_id)), ""
            self._read_group = group_id
        except GatewayError as error:
            self._group, self.problem = None, describe(error).text
        self.changed.emit()

    def _take(self, edit: PendingEdit, _receipt: object) -> None:
        if edit.section is Section.TAGS:
            self._group = self._read_group = None  # what is known is offered until it has been read again
