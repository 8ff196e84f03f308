"""What goes between the server and its workers is JSON of known types and bytes, and nothing else is taken."""

from __future__ import annotations

import io
import json
import struct
from math import inf, isnan, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.images.library import ChannelRecord, ImageFileRecord, ImageRecord, Measured
from omero_desk.server.images.ome_xml import (
    ChannelMetadata,
    ImageMetadata,
    PlateMetadata,
    ValueWithUnit,
    WellPosition,
)
from omero_desk.server.workers.frames import BrokenFrameError, receive, send
from omero_desk.server.workers.typed_json import WrongTypeError, plain, typed

numbers = st.integers(-(2**63), 2**63 - 1)


def sent(message: dict[str, Any], data: bytes = b"") -> io.BufferedReader:
    file = io.BytesIO()
    send(file, message, data)
    return io.BufferedReader(io.BytesIO(file.getvalue()))


@given(
    st.builds(Measured, extremes=st.lists(st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False))).map(tuple))
)
def test_that_a_record_comes_back_as_it_was(record: Measured) -> None:
    assert typed(Measured, json.loads(json.dumps(plain(record)))) == record


IMAGE = ImageRecord(
    0,
    ImageMetadata(
        name="a\ud800",
        sizes=(1, None),
        physical_size_x=ValueWithUnit(0.5, "MICROMETER"),
        channels=(ChannelMetadata("GFP", (0, 255, 0, 255)),),
        well=WellPosition(PlateMetadata("p", 8, 12), 0, 1, 2),
    ),
    *("uint16", 1, 2, 3, 4, 5, "XYZCT", 1),
    is_rgb=False,
    sha1="",
    channels=(ChannelRecord(ChannelMetadata(), (-inf, 2.5)), ChannelRecord(ChannelMetadata(), None)),
)
RECORD = ImageFileRecord(Path("/a/b.tif"), 1, "", 2, (IMAGE,), (Path("/a/b.tif"),))


def test_that_what_a_file_holds_comes_back_as_it_was() -> None:
    message, _ = receive(sent({"result": plain(RECORD)}))
    assert typed(ImageFileRecord, message["result"]) == RECORD


def test_that_a_number_that_is_none_comes_back() -> None:
    ((low, high),) = typed(Measured, json.loads(json.dumps(plain(Measured(((nan, inf),), ""))))).extremes
    assert isnan(low)
    assert high == inf


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "1"),
        ("size", True),
        ("size", 2**63),
        ("size", 1.0),
        ("sha1", None),
        ("sha1", 7),
        ("path", ["/a"]),
        ("images", {}),
        ("images", [{}]),
        ("images", [None]),
        ("members", [3]),
        ("more", 1),
    ],
)
def test_that_a_value_of_another_type_is_not_taken(name: str, value: object) -> None:
    told = plain(RECORD)
    assert isinstance(told, dict)
    with pytest.raises(WrongTypeError):
        typed(ImageFileRecord, {**told, name: value})


@given(
    st.recursive(
        st.none() | st.booleans() | numbers | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_that_any_other_json_is_not_taken(value: object) -> None:
    with pytest.raises(WrongTypeError):
        typed(ImageFileRecord, value)


def test_that_only_records_of_known_types_are_sent() -> None:
    with pytest.raises(TypeError):
        plain(object())


@given(st.dictionaries(st.text(), st.none() | st.text() | numbers), st.binary())
def test_that_a_message_arrives(message: dict[str, Any], data: bytes) -> None:
    found, more = receive(sent(message, data))
    assert (found, bytes(more)) == (message, data)


@given(st.binary(max_size=64))
def test_that_what_is_no_message_is_a_broken_one(data: bytes) -> None:
    with pytest.raises(BrokenFrameError):
        receive(io.BufferedReader(io.BytesIO(data)))


@pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (2, 2**63), (2**27, 0)])
def test_that_a_message_that_is_too_long_is_not_waited_for(lengths: tuple[int, int]) -> None:
    with pytest.raises(BrokenFrameError, match="a message of"):
        receive(io.BufferedReader(io.BytesIO(struct.pack("<IQ", *lengths))))


@pytest.mark.parametrize("text", [b"[1]", b"{", b"[" * 100_000])
def test_that_a_message_is_an_object(text: bytes) -> None:
    with pytest.raises(BrokenFrameError, match=r"no JSON|no object"):
        receive(io.BufferedReader(io.BytesIO(struct.pack("<IQ", len(text), 0) + text)))
