"""OMERO.tables in HDF5 files, by what OMERO.server itself stores them with (omero-py's `omero.hdfstorageV2`)."""

from __future__ import annotations

import importlib
from typing import Any


def store() -> Any:
    """Import the module `storage`, at the first table: PyTables, behind it, would slow every start down."""
    return importlib.import_module(f"{__name__}.storage")
