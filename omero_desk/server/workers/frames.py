"""Messages between the server and its workers: a JSON object and bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from io import BufferedReader
from typing import IO, Final

_LENGTHS: Final = struct.Struct("<IQ")
_MOST_TEXT: Final = 2**26
_MOST_BYTES: Final = 2**31

Message = Mapping[str, object]


class BrokenFrameError(Exception):
    """The other end is gone, or sends what is no message."""


def send(file: IO[bytes], message: Message, data: bytes | memoryview = b"") -> None:
    """Write a message; raises OSError where nobody reads, and ValueError for one that is too long."""
    text = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(text) > _MOST_TEXT:
        raise ValueError(f"{len(text)} bytes of JSON are more than {_MOST_TEXT}")
    file.write(_LENGTHS.pack(len(text), len(data)) + text)
    if len(data):
        file.write(data)
    file.flush()


def receive(file: BufferedReader) -> tuple[Message, bytearray]:
    """Read a message; raises BrokenFrameError at the end of the file, and for what `send` does not send."""
    length, more = _LENGTHS.unpack(_exactly(file, _LENGTHS.size))
    if length > _MOST_TEXT or more > _MOST_BYTES:
        raise BrokenFrameError(f"a message of {length} and {more} bytes")
    text = _exactly(file, length)
    data = _exactly(file, more)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("a message that is no JSON") from error
    if not isinstance(message, dict):
        raise BrokenFrameError("a message that is no object")
    return message, data


def _exactly(file: BufferedReader, count: int) -> bytearray:
    found = bytearray(count)
    if file.readinto(found) < count:
        raise BrokenFrameError("the end of all messages")
    return found
