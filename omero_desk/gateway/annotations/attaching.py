"""Files of the user's computer that are uploaded and put on objects."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Final

import omero
import omero.model
from omero.rtypes import rlong, rstring
from typing_extensions import override

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import AttachFile, Author, Receipt, TakeOff
from omero_desk.entities.errors import FailedError, StoppedError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.edit_write import SlowWrite, SupersededError
from omero_desk.gateway.annotations.many import ManyWrite, Objects, Parameters, save_linked
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.errors import classify
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.rows import mapping
from omero_desk.gateway.service.deletion import NotDeletedError, delete

BLOCK: Final = 1_000_000
"""Bytes that are read and sent at a time: no more of a file is held in memory."""
_HASHER: Final = "SHA1-160"
_LONGEST_TYPE: Final = 255
"""Characters of a type of media (OMERO's column is a varchar)."""
_NOT_THERE: Final = mark("Annotations", "“{name}” is not there any more.")
_UNREADABLE: Final = mark("Annotations", "“{name}” cannot be read: {reason}")
_NO_FILE: Final = mark("Annotations", "“{name}” is not a file.")
_CHANGED: Final = mark("Annotations", "“{name}” was changed while it was uploaded. Attach it again.")
_DAMAGED: Final = mark("Annotations", "“{name}” did not arrive at the server as it was sent. Attach it again.")
_NOT_REMOVED: Final = mark("Annotations", "The server did not delete the rest of an upload.")
_STOPPED: Final = mark("Annotations", "You cancelled this.")
_KEPT: Final = mark(
    "Annotations", "You cancelled this, but the server did not delete what had arrived of “{name}” (file {identity})."
)


@dataclass(frozen=True)
class Attached:
    """The objects, and the annotations with the uploaded file by the ids of the objects that they are on."""

    objects: Objects
    links: Mapping[int, int]


class AttachWrite(SlowWrite[Attached, Attached], ManyWrite[Attached]):
    """An OriginalFile with its bytes, then one FileAnnotation with a link to each object.

    The annotation is made only once all bytes are there. A try after one that lost the line goes on with the
    OriginalFile that was made; one that fails otherwise deletes it. So does one that is given up (`give_up`), which
    stops before the next block and raises StoppedError.

    `progress` is how many bytes of how many are sent, for whoever looks from another thread; None before it begins.
    """

    lane = Lane.JOBS

    def __init__(self, edit: AttachFile, author: Author) -> None:
        super().__init__(edit, author)
        self._edit = edit
        self._path = Path(edit.path)
        self.progress: tuple[int, int] | None = None
        self._last_before: int | None = None
        self._file_id: int | None = None
        self._has_made = False
        self._is_whole = False
        """True once all bytes are on the server: another try then only attaches them."""
        self._is_given_up = False

    @property
    def has_begun(self) -> bool:
        """Whether the server may have something of it."""
        return self._has_made

    @property
    def is_given_up(self) -> bool:
        """Whether it is to be stopped, or has been."""
        return self._is_given_up

    def give_up(self) -> None:
        """Stop it, from whatever thread; what it has made is deleted by this try or else by the next one."""
        self._is_given_up = True

    @override
    @patient(Patience.LONG)
    def send(self, session: LaneSession) -> Receipt:
        """Upload and attach; of what was given up delete what there is, unless it is attached already."""
        if not self._is_given_up:
            return super().send(session)
        self._check_author(session)
        found = self.find(session)
        if found is None:
            self._take_back(session)
            raise StoppedError(_STOPPED)
        return found

    @override
    def find(self, session: LaneSession) -> Receipt | None:
        """Return the receipt if a try got there; what was given up must not be held up by objects that are gone."""
        try:
            return super().find(session)
        except FailedError as error:
            if self._is_given_up and type(error) is FailedError:
                return None
            raise

    @override
    def _saved(self, session: LaneSession) -> Receipt:
        """Upload and attach; what the server refuses for good leaves no file behind, a lost session what it has."""
        try:
            return super()._saved(session)
        except StoppedError:
            self._take_back(session)
            raise
        except Exception as error:
            if type(classify(error)) in (FailedError, NotDeletedError) and not isinstance(error, SupersededError):
                self._clean_up(session)
            raise

    @override
    def _look(self, session: LaneSession) -> Attached:
        links = (
            f"select link.parent.id, link.child.id from {self._kind}AnnotationLink link"
            " where link.parent.id in (:ids) and link.details.owner.id = :user"
            " and link.child.id in (select an.id from FileAnnotation an where an.file.id = :file)"
        )
        asked: Parameters = {"ids": self._ids, "user": self._author.user_id, "file": self._file_id or 0}
        last = "select max(f.id) from OriginalFile f where f.details.owner.id = :user"
        objects, linked, highest = session.answers(
            self._objects_asked(), (links, asked), (last, {"user": self._author.user_id})
        )
        if self._last_before is None:
            self._last_before = max((identity or 0 for row in highest for identity in row), default=0)
        return Attached(self._objects(objects), mapping(linked))

    @override
    def _is_done(self, state: Attached) -> bool:
        return bool(state.links)

    @override
    def _save(self, session: LaneSession, draft: Attached) -> Attached:
        self._left_out(draft.objects.allowed)
        this, is_repeated = self._try, self._has_made
        if not self._is_whole:
            self._upload(session, this)
            self._is_whole = True
        self._check_try(this)
        now = self._look(session) if is_repeated else draft
        return now if now.links else replace(draft, links=self._annotate(session, draft))

    @override
    def _receipt(self, saved: Attached) -> Receipt:
        refs = tuple(ref for ref in self._refs if ref.id in saved.links)
        identity = next(iter(saved.links.values()))
        back = TakeOff(refs, "File", identity, self.text)
        return Receipt(self.ref, annotation_id=identity, inverse=(back,), left_out=self._left_out(saved.links))

    def _annotate(self, session: LaneSession, draft: Attached) -> dict[int, int]:
        annotation = omero.model.FileAnnotationI()
        annotation.setFile(omero.model.OriginalFileI(self._file_id, False))
        if self._edit.description:
            annotation.setDescription(rstring(self._edit.description))
        refs = [ref for ref in self._refs if ref.id in draft.objects.allowed]
        identity = save_linked(session, annotation, refs, self._options(session))
        return {ref.id: identity for ref in refs}

    def _upload(self, session: LaneSession, this: object) -> None:
        """Have all bytes on the server, and know that they are those of the file; end where another try has begun."""
        with self._opened() as file:
            before = _stamp(file)
            size = before[0]
            self._file_id = self._file_id or self._begun(session) or self._made(session, size)
            options = self._options(session)
            digest, sent = hashlib.sha1(usedforsecurity=False), 0
            with session.borrow("createRawFileStore") as store:
                store.setFileId(self._file_id, options)
                store.truncate(size, options)
                for block in self._blocks(file):
                    self._check_try(this)
                    if sent + len(block) > size:
                        break
                    store.write(block, sent, len(block), options)
                    digest.update(block)
                    sent += len(block)
                    self.progress = sent, size
                if sent != size or _stamp(file) != before:
                    raise FailedError(_CHANGED, name=self.text)
                self._check(store.save(options), sent, digest.hexdigest())

    @override
    def _check_try(self, this: object) -> None:
        super()._check_try(this)
        if self._is_given_up:
            raise StoppedError(_STOPPED)

    def _check(self, saved: omero.model.OriginalFile | None, size: int, digest: str) -> None:
        """Compare what the server has with what was sent; it says nothing of a file to which nothing was written."""
        if saved is None:
            is_whole = size == 0
        else:
            told = saved.getHash()
            is_whole = saved.getSize().getValue() == size and (told is None or told.getValue() == digest)
        if not is_whole:
            raise FailedError(_DAMAGED, name=self.text)

    def _made(self, session: LaneSession, size: int) -> int:
        """Make the OriginalFile; its path is its name, as OMERO.web has it: what folders a user has is nobody's."""
        file = omero.model.OriginalFileI()
        file.setName(rstring(self.text))
        file.setPath(rstring(self.text))
        file.setSize(rlong(size))
        if self._edit.mimetype:
            file.setMimetype(rstring(self._edit.mimetype[:_LONGEST_TYPE]))
        hasher = omero.model.ChecksumAlgorithmI()
        hasher.setValue(rstring(_HASHER))
        file.setHasher(hasher)
        self._has_made = True
        saved = session.gateway.getUpdateService().saveAndReturnObject(file, self._options(session))
        identity: int = saved.getId().getValue()
        return identity

    def _begun(self, session: LaneSession) -> int | None:
        """Return the id of the OriginalFile that a try has made before it lost the line, None for none."""
        if not self._has_made:
            return None
        query = (
            "select f.id from OriginalFile f where f.name = :name and f.path = :name and f.id > :last"
            " and f.details.owner.id = :user and f.id not in (select an.file.id from FileAnnotation an"
            " where an.details.owner.id = :user and an.file is not null) order by f.id desc"
        )
        asked: Parameters = {"name": self.text, "last": self._last_before or 0, "user": self._author.user_id}
        return next((identity for (identity,) in session.projection(query, asked)), None)

    def _clean_up(self, session: LaneSession) -> None:
        """Delete the OriginalFile of a try that failed; where that fails too, the first error is what is told."""
        with contextlib.suppress(FailedError, omero.ServerError):
            identity = self._file_id or self._begun(session)
            if identity is not None:
                delete(session, {"OriginalFile": [identity]}, _NOT_REMOVED)
        self._file_id = None
        self._has_made = self._is_whole = False

    def _take_back(self, session: LaneSession) -> None:
        """Delete the OriginalFile of what was given up. Raises StoppedError where the server does not do that."""
        identity = self._file_id or self._begun(session)
        if identity is not None:
            try:
                delete(session, {"OriginalFile": [identity]}, _NOT_REMOVED)
            except NotDeletedError as error:
                if session.projection("select f.id from OriginalFile f where f.id = :id", {"id": identity}):
                    raise StoppedError(_KEPT, error.detail, name=self.text, identity=identity) from error
        self._file_id, self._has_made, self._is_whole = None, False, False

    @contextlib.contextmanager
    def _opened(self) -> Iterator[FileIO]:
        """Open the file. Raises FailedError for one that is gone, is no file, or may not be read."""
        try:
            if not stat.S_ISREG(self._path.stat().st_mode):  # to open a pipe waits until somebody writes
                raise FailedError(_NO_FILE, name=self.text)
            file = self._path.open("rb", buffering=0)
        except (FileNotFoundError, ValueError):
            raise FailedError(_NOT_THERE, name=self.text) from None
        except OSError as error:
            raise self._unreadable(error) from error
        with file:
            yield file

    def _blocks(self, file: FileIO) -> Iterator[bytes]:
        while True:
            try:
                block = file.read(BLOCK)
            except OSError as error:
                raise self._unreadable(error) from error
            if not block:
                return
            yield block

    def _unreadable(self, error: OSError) -> FailedError:
        return FailedError(_UNREADABLE, str(error), name=self.text, reason=error.strerror or type(error).__name__)


def _stamp(file: FileIO) -> tuple[int, int]:
    """Return the size in bytes and the time of the last change, by which a change is noticed."""
    now = os.fstat(file.fileno())
    return now.st_size, now.st_mtime_ns
