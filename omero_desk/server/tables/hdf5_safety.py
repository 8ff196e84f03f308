"""Walls around HDF5 files that clients send: they run no code and read no other file.

PyTables keeps Python objects as pickles, and unpickles whatever looks like one on every access to an attribute. HDF5
itself follows links to other files, reads data sets that lie in other files and virtual ones that are put together
from them.
"""

from __future__ import annotations

import ctypes
import pickle
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import tables
import tables.atom
import tables.attributeset
import tables.hdf5extension

MOST_GROUPS: Final = 100
"""The most groups of a table's file; OMERO makes one. It ends the walk of a group that is within itself."""

_VIRTUAL: Final = 3  # H5D_VIRTUAL of H5Dpublic.h


class UnsafeFileError(ValueError):
    """A file has what no OMERO.table has and what is not safe to open."""


def wall_off_pickles() -> None:
    """Take the unpickling out of PyTables, in this process and for good.

    An attribute that is a pickle is then read as the bytes that it is, which PyTables does with what it cannot
    unpickle; the rows of an ObjectAtom raise pickle.UnpicklingError.
    """
    without_loads = SimpleNamespace(dumps=pickle.dumps, HIGHEST_PROTOCOL=pickle.HIGHEST_PROTOCOL, loads=_refuse)
    tables.attributeset.pickle = without_loads
    tables.atom.pickle = without_loads


def check(file: tables.File) -> None:
    """Raise UnsafeFileError for an open file that leads to other files or holds Python objects; no data set is read."""
    for count, group in enumerate(file.walk_groups("/")):
        if count > MOST_GROUPS:
            raise UnsafeFileError("too many groups")
        if group._v_links:
            raise UnsafeFileError("a link to another place")
        for leaf in group._v_leaves.values():
            _check_leaf(leaf)


def _check_leaf(leaf: tables.Leaf) -> None:
    if isinstance(leaf, tables.VLArray) and isinstance(leaf.atom, tables.ObjectAtom):
        raise UnsafeFileError("Python objects")
    library = _hdf5()
    created = library.H5Dget_create_plist(leaf._v_objectid)
    if created < 0:
        raise UnsafeFileError("a data set that cannot be looked into")
    try:
        if library.H5Pget_external_count(created) != 0 or library.H5Pget_layout(created) == _VIRTUAL:
            raise UnsafeFileError("data of another file")
    finally:
        library.H5Pclose(created)


def _refuse(*_arguments: object, **_options: object) -> object:
    raise pickle.UnpicklingError("Python objects are not read from tables")


@cache
def _hdf5() -> ctypes.CDLL:
    """Return the functions of the HDF5 library that PyTables has loaded: it offers no call for these questions."""
    library = ctypes.CDLL(_hdf5_path())
    for name, result in (
        ("H5Dget_create_plist", ctypes.c_int64),
        ("H5Pget_external_count", ctypes.c_int),
        ("H5Pget_layout", ctypes.c_int),
        ("H5Pclose", ctypes.c_int),
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = [ctypes.c_int64], result
    return library


def _hdf5_path() -> str:
    """Return the library to look functions up in: of an extension, the system finds them in what it is linked with.

    Windows does not look there; its wheels bring the library in the folder `tables.libs`.
    """
    package = Path(tables.__file__).parent
    bundled = sorted(package.with_name("tables.libs").glob("hdf5-*.dll")) or sorted(package.glob("hdf5.dll"))
    return str(bundled[0] if bundled else tables.hdf5extension.__file__)
