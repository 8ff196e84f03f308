"""Tables in HDF5 files, one storage a file for all who have it open."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import tables
from omero.columns import ObjectFactories
from omero.hdfstorageV2 import HDFLIST

from omero_desk.server.wire.calls import Call

HDF5_ERRORS: Final = (tables.HDF5ExtError,)
"""What HDF5 itself stumbles over."""

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"

# Columns are called what people call them; and every opening would be a line in the log.
warnings.filterwarnings("ignore", category=tables.NaturalNameWarning)
for _name in ("omero.tables", "numexpr"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def attach(path: Path, holder: object) -> Any:
    """Return the omero.hdfstorageV2.HdfStorage of a file, which is made if there is none.

    It is open until every holder has been handed to its `decr`. It locks every call: HDF5 serves one thread at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return HDFLIST.getOrCreate(str(path), holder)


def is_table(path: Path) -> bool:
    """Whether a file is one of HDF5's. An empty one, which opening would make a table, is not."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError:
        return False


def accept_columns(communicator: Any) -> None:
    """Have columns that clients send arrive as the ones that can be stored."""
    for factory in ObjectFactories.values():
        if communicator.findObjectFactory(factory.id) is None:
            factory.register(communicator)


def current(call: Call) -> Any:
    """Return a call as HdfStorage wants it: as the Current of Ice."""
    return SimpleNamespace(adapter=call.adapter, ctx=call.context)
