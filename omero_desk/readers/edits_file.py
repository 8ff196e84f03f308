"""Edits that are not saved, kept on disk: one file for each account, which its owner alone may read."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, get_type_hints

from typing_extensions import override

from omero_desk.entities.annotations import Pairs
from omero_desk.entities.edits import (
    AddComment,
    AddTag,
    AttachFile,
    DeleteAnnotation,
    Describe,
    Edit,
    EditAnnotation,
    KeptEdit,
    MoveTag,
    NameChannels,
    PutAnnotation,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import AccountId, Ref
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.models.annotations.edits_journal import KeepsEdits
from omero_desk.system.atomic_file import write_whole

log = logging.getLogger(__name__)

_KINDS: Final[dict[str, type[Edit]]] = {
    "comment": AddComment,
    "tag": AddTag,
    "put": PutAnnotation,
    "take-off": TakeOff,
    "pairs": SetPairs,
    "many-pairs": SetManyPairs,
    "rating": SetRating,
    "rename": Rename,
    "describe": Describe,
    "edit": EditAnnotation,
    "move-tag": MoveTag,
    "delete": DeleteAnnotation,
    "channels": NameChannels,
    "attach": AttachFile,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


class EditsFile(KeepsEdits):
    """Writes the edits of each account as JSON into a file in `folder`, on the worker `disk`.

    A file holds what the user typed and which objects it is for, but nothing to sign in with. Trouble with the disk is
    logged and otherwise not felt.
    """

    def __init__(self, folder: Path, disk: Worker) -> None:
        self._folder, self._disk = folder, disk

    @override
    async def kept(self, account: AccountId) -> Sequence[KeptEdit]:
        return await self._disk.run(partial(_read, self._path(account)))

    @override
    def keep(self, account: AccountId, edits: Sequence[KeptEdit]) -> Awaitable[None]:
        return asyncio.shield(self._disk.run(partial(_write, self._path(account), tuple(edits))))

    def _path(self, account: AccountId) -> Path:
        return self._folder / f"{hashlib.sha256(str(account).encode()).hexdigest()}.json"


def _read(path: Path) -> Sequence[KeptEdit]:
    try:
        return [_edit(row) for row in json.loads(path.read_text("utf-8"))["edits"]]
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, FailedError) as error:
        log.warning("the edits in %s cannot be read: %s", path, error)
        return ()


def _write(path: Path, edits: Sequence[KeptEdit]) -> None:
    try:
        if edits:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            content = json.dumps({"edits": [_row(edit) for edit in edits]}, indent=1)
            write_whole(path, content, private=True)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("edits are not kept in %s: %s", path, error)


def _row(kept: KeptEdit) -> dict[str, Any]:
    edit = kept.edit
    values = {name: _plain(getattr(edit, name)) for name in get_type_hints(type(edit)) if name != "verb"}
    return {"edit": _NAMES[type(edit)], "values": values, "name": kept.object_name, "sent": kept.was_sent}


def _plain(value: object) -> object:
    """Return a value of an edit as JSON has it."""
    if isinstance(value, Ref):
        return [value.kind, value.id, value.run]
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _edit(row: dict[str, Any]) -> KeptEdit:
    """Return an edit of a file. Raises KeyError, TypeError, ValueError or FailedError for what is none."""
    kind = _KINDS[row["edit"]]
    hints = get_type_hints(kind)
    values = {name: _READERS[hints[name]](value) for name, value in row["values"].items()}
    return KeptEdit(kind(**values), str(row["name"]), bool(row["sent"]))


def _ref(value: Any) -> Ref:
    kind, identity, run = value
    return Ref(str(kind), int(identity), int(run))


def _pairs(value: Any) -> Pairs:
    return tuple((str(key), str(text)) for key, text in value)


_READERS: Final[dict[Any, Callable[[Any], Any]]] = {
    str: str,
    int: int,
    int | None: lambda value: None if value is None else int(value),
    Ref: _ref,
    Pairs: _pairs,
    tuple[Ref, ...]: lambda value: tuple(map(_ref, value)),
    tuple[str, ...]: lambda value: tuple(map(str, value)),
    tuple[int, ...]: lambda value: tuple(map(int, value)),
    tuple[int | None, ...]: lambda value: tuple(None if one is None else int(one) for one in value),
    tuple[Pairs, ...]: lambda value: tuple(map(_pairs, value)),
}
"""Return a value of an edit from JSON, by its type."""
