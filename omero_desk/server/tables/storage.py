"""Tables in HDF5 files, one storage a file for all who have it open."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import Ice
import omero.hdfstorageV2
import tables
from omero import RType
from omero.columns import ObjectFactories
from omero.hdfstorageV2 import HDFLIST, HdfStorage
from typing_extensions import override

from omero_desk.server.call import Call
from omero_desk.server.errors import server_error
from omero_desk.server.files.held import holding, let_go
from omero_desk.server.tables import hdf5_safety
from omero_desk.server.tables.condition import rebuild
from omero_desk.server.tables.trial import Trials, UntriedError

__all__ = (
    "CONDITION_ERRORS",
    "HDF5_ERRORS",
    "accept_columns",
    "attach",
    "current",
    "detach",
    "is_table",
    "rebuild",
)

HDF5_ERRORS: Final = (tables.HDF5ExtError,)
"""The errors of HDF5 itself."""

CONDITION_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What PyTables and numexpr raise for conditions that they cannot compute, beside the omero.ApiUsageException."""

_EMPTY: Final = b"\0"
"""What stands for an empty description until it is in the file: in place of b"" HdfStorage would store a text."""
_trials: Final = Trials()
_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"

# Columns are called what people call them; and every opening would be a line in the log.
warnings.filterwarnings("ignore", category=tables.NaturalNameWarning)
for _name in ("omero.tables", "numexpr"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class SafeHdfStorage(HdfStorage):
    """A storage that lets go of a file that `hdf5_safety` refuses, before anything in the file is read.

    Descriptions of columns are stored as UTF-8, as servers on Python 2 did and as HdfStorage still reads them. On
    Python 3 OMERO.server gives them to PyTables as they are, which takes ASCII alone: omero.InternalException.
    """

    @override
    def openfile(self, mode: str, policy: str = "default") -> tables.File:
        file = super().openfile(mode, policy)
        try:
            hdf5_safety.check(file)
        except (hdf5_safety.UnsafeFileError, *HDF5_ERRORS, *CONDITION_ERRORS) as error:
            file.close()
            message = f"The file is not opened as a table: {error}"
            raise server_error(omero.ValidationException, message) from None
        return file

    @override
    def initialize(self, cols: Sequence[omero.grid.Column], metadata: Mapping[str, RType | None] | None = None) -> None:
        super().initialize([_encoded(column) for column in cols or ()], metadata)

    @override
    def cols(self, size: int | None, current: object) -> list[omero.grid.Column]:
        columns: list[omero.grid.Column] = super().cols(size, current)
        for column in columns:
            column.description = column.description.rstrip(_EMPTY.decode())
        return columns


def _encoded(column: omero.grid.Column | None) -> Any:
    same: Any = copy(column)
    if same is not None:
        same.description = (same.description or "").encode() or _EMPTY
    return same


hdf5_safety.wall_off_pickles()
vars(omero.hdfstorageV2)[HdfStorage.__name__] = SafeHdfStorage  # HDFLIST makes its storages by this name


def attach(path: Path, holder: object) -> HdfStorage:
    """Return the omero.hdfstorageV2.HdfStorage of a file, which is made if there is none.

    It is open until every holder has been handed to its `decr`. It locks every call: HDF5 serves one thread at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with holding(path) as is_open:
        if not is_open and path.exists() and path.stat().st_size:
            try:
                _trials.require(path)
            except UntriedError as error:
                message = f"The file is not opened as a table: {error}"
                raise server_error(omero.ValidationException, message) from None
        return HDFLIST.getOrCreate(str(path), holder)


def detach(path: Path, storage: HdfStorage, holder: object) -> None:
    """Hand a holder back; the file is then one that the server wrote, and as sound as it was."""
    storage.decr(holder)
    if path.exists():
        _trials.trust(path)
    let_go(path)


def is_table(path: Path) -> bool:
    """Return whether a file is HDF5; an empty one, which opening would turn into a table, is not."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError:
        return False


def accept_columns(communicator: Ice.Communicator) -> None:
    """Make columns from clients arrive as the classes that can be stored."""
    for factory in ObjectFactories.values():
        if communicator.findObjectFactory(factory.id) is None:
            factory.register(communicator)


def current(call: Call) -> object:
    """Return a call in the form of Ice's Current, which HdfStorage takes."""
    return SimpleNamespace(adapter=call.adapter, ctx=call.context)
