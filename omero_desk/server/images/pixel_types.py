"""OMERO's types of pixels and numpy's types for them."""

from __future__ import annotations

from typing import Final

import numpy as np

DTYPES: Final[dict[str, np.dtype[np.generic]]] = {
    **{name: np.dtype(name) for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32")},
    "float": np.dtype(np.float32),
    "double": np.dtype(np.float64),
    "bit": np.dtype(np.bool_),
}
"""numpy's types, in native byte order, by OMERO's names. Complex pixels cannot be read."""

_NAMES: Final = {dtype.name: name for name, dtype in DTYPES.items()}
_WIDENED: Final[dict[str, np.dtype[np.generic]]] = {"bool": np.dtype(np.uint8), "float16": np.dtype(np.float32)}


def omero_type(dtype: np.dtype[np.generic]) -> str | None:
    """Return OMERO's name of a type in any byte order, None if OMERO has no such type."""
    return _NAMES.get(dtype.name)


def widened(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """Return the type that values are read in, as Bio-Formats does: bytes for bits, single for half precision."""
    return _WIDENED.get(dtype.name, dtype)
