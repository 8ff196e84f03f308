"""An array of a Zarr folder (versions 2 and 3), with its header and the files of its chunks looked at before."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorstore
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.zarr.header import read_header

_CACHE_BYTES: Final = 64 * 2**20
_MAX_CHUNK_BYTES: Final = 2**29
_MAX_SIZE: Final = 2**31 - 1
_SPARE_BYTES: Final = 2**20
"""The bytes that the file of a chunk may have beyond twice those of its pixels."""


class ZarrArray:
    """An open array; raises ImageFileError for one of the wrong shape, or of chunks too large to be decoded."""

    def __init__(self, root: Path, path: Path, rank: int) -> None:
        self._root = root
        self._path = path
        self._is_newest = (path / "zarr.json").is_file()
        self._header = read_header(path / ("zarr.json" if self._is_newest else ".zarray"))
        if not self._header:
            raise ImageFileError(f"{root} lacks the description of its pixels in {path.name!r}.")
        self._array = _open(path, "zarr3" if self._is_newest else "zarr", self._header)
        self.shape: tuple[int, ...] = tuple(self._array.shape)
        self.dtype: np.dtype[np.generic] = self._array.dtype.numpy_dtype
        self._check(rank)

    @property
    def chunk(self) -> tuple[int, ...]:
        """The shape of what is read at a time; an axis that is not cut counts with its length."""
        return self._whole(self._array.chunk_layout.read_chunk.shape)

    def read(self, place: Sequence[slice]) -> NDArray[np.generic]:
        """Return the values of a box; ImageFileError for a chunk that is not a file, or far too long."""
        self._check_chunks(place)
        return np.asarray(self._array[tuple(place)].read().result())

    def _check(self, rank: int) -> None:
        if len(self.shape) != rank or not all(1 <= size <= _MAX_SIZE for size in self.shape):
            raise ImageFileError(f"{self._root} holds an array of {self.shape}, which is no image of {rank} axes.")
        if prod(self.chunk) * self.dtype.itemsize > _MAX_CHUNK_BYTES:
            raise ImageFileError(f"{self._root} has chunks of {self.chunk} pixels, which are too large to be decoded.")

    def _check_chunks(self, place: Sequence[slice]) -> None:
        """Look at the files of the chunks of a box: a pipe in place of one would keep all readers waiting."""
        file_chunk = self._whole(self._array.chunk_layout.write_chunk.shape)
        longest = 2 * prod(file_chunk) * self.dtype.itemsize + _SPARE_BYTES
        grid = [
            range(part.start // each, (part.stop - 1) // each + 1) for part, each in zip(place, file_chunk, strict=True)
        ]
        for number in product(*grid):
            try:
                state = (self._path / self._key(number)).stat()
            except OSError:
                continue  # left out, which stands for the value that fills the array; or told by who reads it
            if not stat.S_ISREG(state.st_mode) or state.st_size > longest:
                raise ImageFileError(f"{self._root} is damaged: {self._key(number)!r} is not a part of an image.")

    def _key(self, number: Sequence[int]) -> str:
        """Return the name of the file of a chunk below the array (Zarr 2, "Chunks"; Zarr 3, "Chunk key encoding")."""
        parts = [str(each) for each in number]
        if not self._is_newest:
            return str(self._header.get("dimension_separator", ".")).join(parts)
        encoding = self._header.get("chunk_key_encoding", {})
        options = encoding.get("configuration", {})
        if encoding.get("name") == "v2":
            return str(options.get("separator", ".")).join(parts)
        return str(options.get("separator", "/")).join(["c", *parts])

    def _whole(self, chunk: Sequence[int | None] | None) -> tuple[int, ...]:
        return tuple(length or size for length, size in zip(chunk or self.shape, self.shape, strict=True))


@cache
def _context() -> tensorstore.Context:
    """Return what all arrays share: the cache of chunks and the limits of concurrent reads."""
    return tensorstore.Context(
        {
            "cache_pool": {"total_bytes_limit": _CACHE_BYTES},
            "file_io_concurrency": {"limit": 4},
            "data_copy_concurrency": {"limit": 2},
        }
    )


def _open(path: Path, driver: str, header: Mapping[str, Any]) -> tensorstore.TensorStore:
    """Open an array of either version of Zarr."""
    store: dict[str, Any] = {"driver": "file", "path": f"{path}/"}
    if isinstance(header.get("fill_value"), str) and driver == "zarr":
        store = _with_number(path, store, header)
    spec = {"driver": driver, "kvstore": store, "recheck_cached_data": "open"}
    return tensorstore.open(spec, read=True, open=True, context=_context()).result()


def _with_number(path: Path, store: Mapping[str, Any], header: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a header over that of an array in which a number that fills it is written as a text: "0" for 0."""
    text = header["fill_value"]
    number = int(text) if text.lstrip("-").isdecimal() else text
    place = f"{path}/.zarray"
    memory = tensorstore.KvStore.open({"driver": "memory"}, context=_context()).result()
    memory[place] = json.dumps({**header, "fill_value": number})
    layer = {"base": {"driver": "memory", "path": place}, "exact": ".zarray"}
    return {"driver": "kvstack", "layers": [{"base": dict(store)}, layer]}
