"""OMERO.tables in HDF5 files, by what OMERO.server itself stores them with (omero-py's `omero.hdfstorageV2`)."""

from __future__ import annotations

import importlib
from types import ModuleType


def store() -> ModuleType:
    """Import the module `storage` at the first table: a lazy import, for PyTables would slow every start down."""
    return importlib.import_module(f"{__name__}.storage")
