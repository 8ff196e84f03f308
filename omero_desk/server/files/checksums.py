"""Checksums of files, by the names of OMERO's ChecksumAlgorithm: hexadecimal, as its ChecksumProvider writes them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from omero_desk.server.files.murmur import murmur_32, murmur_128

_BLOCK: Final = 2**20


def checksum(path: Path, algorithm: str) -> str:
    """Return the checksum of a file; raises KeyError for an algorithm not in ALGORITHMS, OSError for the file."""
    return _COMPUTE[algorithm](path)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_BLOCK), b"")


def _digest(name: str) -> Callable[[Path], str]:
    def compute(path: Path) -> str:
        digest = hashlib.new(name, usedforsecurity=False)
        for block in _blocks(path):
            digest.update(block)
        return digest.hexdigest()

    return compute


def _rolling(update: Callable[[bytes, int], int], start: int) -> Callable[[Path], str]:
    """Return a 32-bit checksum, the lowest byte first as Guava writes it, which OMERO uses."""

    def compute(path: Path) -> str:
        value = start
        for block in _blocks(path):
            value = update(block, value)
        return value.to_bytes(4, "little").hex()

    return compute


def _size(path: Path) -> str:
    return path.stat().st_size.to_bytes(8, "little").hex()


def _murmur(compute: Callable[[Iterator[bytes]], bytes]) -> Callable[[Path], str]:
    return lambda path: compute(_blocks(path)).hex()


_COMPUTE: Final[dict[str, Callable[[Path], str]]] = {
    "SHA1-160": _digest("sha1"),
    "MD5-128": _digest("md5"),
    "Murmur3-128": _murmur(murmur_128),
    "Murmur3-32": _murmur(murmur_32),
    "CRC-32": _rolling(zlib.crc32, 0),
    "Adler-32": _rolling(zlib.adler32, 1),
    "File-Size-64": _size,
}
ALGORITHMS: Final = tuple(_COMPUTE)
"""All that OMERO has (ChecksumProviderFactoryImpl), the preferred first, in the order of omero.checksum.supported."""
