"""MurmurHash3 with seed 0, as Guava writes it: Austin Appleby's x86 32-bit and x64 128-bit forms, lowest byte first.

The words of a block are mixed by numpy, and joined one after the other in Python: some MB a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Words = TypeVar("Words", NDArray[np.uint32], NDArray[np.uint64])

_MASK_32: Final = 2**32 - 1
_MASK_64: Final = 2**64 - 1
_C1_32, _C2_32 = np.uint32(0xCC9E2D51), np.uint32(0x1B873593)
_C1_64, _C2_64 = np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)


def murmur_32(blocks: Iterable[bytes]) -> bytes:
    """Return the 4 bytes of the hash of what blocks of any size make together."""
    value, length = 0, 0
    for part, is_last in _aligned(blocks, 4):
        length += len(part)
        whole = len(part) // 4 * 4
        for word in _mixed_32(part[:whole]):
            value ^= word
            value = (value << 13 | value >> 19) & _MASK_32
            value = value * 5 + 0xE6546B64 & _MASK_32
        if is_last and whole < len(part):
            (word,) = _mixed_32(part[whole:].ljust(4, b"\0"))
            value ^= word
    value ^= length
    value = (value ^ value >> 16) * 0x85EBCA6B & _MASK_32
    value = (value ^ value >> 13) * 0xC2B2AE35 & _MASK_32
    return (value ^ value >> 16).to_bytes(4, "little")


def murmur_128(blocks: Iterable[bytes]) -> bytes:
    """Return the 16 bytes of the hash of what blocks of any size make together."""
    one, two, length = 0, 0, 0
    for part, is_last in _aligned(blocks, 16):
        length += len(part)
        whole = len(part) // 16 * 16
        for first, second in _mixed_64(part[:whole]):
            one ^= first
            one = (one << 27 | one >> 37) & _MASK_64
            one = (one + two) * 5 + 0x52DCE729 & _MASK_64
            two ^= second
            two = (two << 31 | two >> 33) & _MASK_64
            two = (two + one) * 5 + 0x38495AB5 & _MASK_64
        if is_last and whole < len(part):
            ((first, second),) = _mixed_64(part[whole:].ljust(16, b"\0"))
            one, two = one ^ first, two ^ second
    one, two = one ^ length, two ^ length
    one = one + two & _MASK_64
    two = two + one & _MASK_64
    one, two = _end_64(one), _end_64(two)
    one = one + two & _MASK_64
    two = two + one & _MASK_64
    return one.to_bytes(8, "little") + two.to_bytes(8, "little")


def _aligned(blocks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Give the bytes in parts of a multiple of a size, but for the last, and True with that; it may be empty."""
    rest = b""
    for block in blocks:
        joined = rest + block
        whole = len(joined) // size * size
        rest = joined[whole:]
        yield joined[:whole], False
    yield rest, True


def _mixed_32(data: bytes) -> Iterator[int]:
    words = np.frombuffer(data, "<u4").astype(np.uint32) * _C1_32
    return iter((_turned(words, 15) * _C2_32).tolist())


def _mixed_64(data: bytes) -> Iterator[tuple[int, int]]:
    words = np.frombuffer(data, "<u8").astype(np.uint64)
    first, second = _turned(words[::2] * _C1_64, 31) * _C2_64, _turned(words[1::2] * _C2_64, 33) * _C1_64
    return zip(first.tolist(), second.tolist(), strict=True)


def _turned(words: Words, by: int) -> Words:
    """Rotate the bits of words to the left."""
    bits = words.dtype.itemsize * 8
    return words << words.dtype.type(by) | words >> words.dtype.type(bits - by)


def _end_64(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK_64
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK_64
    return value ^ value >> 33
