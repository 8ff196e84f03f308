"""Files on their way to the server, as activities."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from omero_desk.entities.edits import AttachFile, Receipt
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import EditState, PendingEdit, status_of
from omero_desk.models.labels import plain
from omero_desk.models.quantities import size
from omero_desk.models.translation import translate

_LOOK_MS: Final = 200


class Uploads(QObject):
    """Shows each upload of `edits` among the activities, from when it begins until it is saved, refused or cancelled.

    A write that uploads has `progress`: the bytes that are sent, and all bytes, set by the thread that sends them.
    """

    def __init__(self, edits: EditsModel, activities: ActivitiesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits, self._activities = edits, activities
        self._rows: dict[int, int] = {}
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._tell)
        edits.changed.connect(self._follow)
        edits.done.connect(self._finish)
        edits.given_back.connect(self._fail)
        edits.stopped.connect(self._stop)

    def _follow(self) -> None:
        going = {edit.id: edit for edit in self._edits.pending if isinstance(edit.edit, AttachFile)}
        for edit in going.values():
            if edit.state is EditState.SENDING and edit.id not in self._rows:
                title = translate("Annotations", "Uploading {file}").format(file=plain(edit.text))
                give_up = partial(self._edits.discard, edit.id)
                self._rows[edit.id] = self._activities.begin("clip", title, edit.object_name, give_up)
        if self._rows:
            self._timer.start()
        QTimer.singleShot(0, self, self._forget)

    def _forget(self) -> None:
        """End what was discarded: an edit that is done is told of right after it is no longer pending."""
        left = {edit.id for edit in self._edits.pending}
        for identity in self._rows.keys() - left:
            self._activities.cancelled(self._end(identity))

    def _tell(self) -> None:
        for edit in self._edits.pending:
            if edit.id in self._rows:
                done, total = edit.write.progress or (0, 0)
                self._activities.progress(self._rows[edit.id], done, total, self._words(edit, done, total))

    def _words(self, edit: PendingEdit, done: int, total: int) -> str:
        """Return how an upload stands; one that waits for the line says so."""
        if not self._edits.online or edit.state is EditState.STOPPING:
            return status_of(edit, self._edits.online)
        if not total:
            return edit.object_name
        return translate("Annotations", "{done} of {all}").format(done=size(done), all=size(total))

    def _finish(self, edit: PendingEdit, _receipt: Receipt) -> None:
        if edit.id in self._rows:
            title = translate("Annotations", "Attached {file}").format(file=plain(edit.text))
            self._activities.finish(self._end(edit.id), title, edit.object_name)

    def _fail(self, edit: PendingEdit) -> None:
        if edit.id in self._rows:
            title = translate("Annotations", "{file} was not attached").format(file=plain(edit.text))
            self._activities.fail(self._end(edit.id), title, edit.reason, edit.detail)

    def _stop(self, edit: PendingEdit) -> None:
        if edit.id in self._rows:
            self._activities.cancelled(self._end(edit.id), edit.reason)

    def _end(self, identity: int) -> int:
        row = self._rows.pop(identity)
        if not self._rows:
            self._timer.stop()
        return row
