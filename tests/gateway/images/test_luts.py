"""Lookup tables out of files as ImageJ and OMERO have them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from omero_desk.gateway.images.luts import parsed

TABLES = arrays(np.uint8, (256, 3))


@settings(deadline=None)
@given(TABLES, st.sampled_from([" ", "\t", ","]), st.booleans())
def test_that_every_format_gives_the_same_table(table: np.ndarray, between: str, numbered: bool) -> None:
    columns = table.T.tobytes()
    lines = (between.join(map(str, [number, *row] if numbered else row)) for number, row in enumerate(table.tolist()))
    heading = "Index\tRed\tGreen\tBlue\n" if numbered else ""
    for raw in (columns, b"ICOL" + bytes(28) + columns, (heading + "\r\n".join(lines)).encode()):
        found = parsed(raw)
        assert found is not None
        np.testing.assert_array_equal(found, table)


@settings(deadline=None)
@given(st.binary(max_size=2000).filter(lambda raw: len(raw) not in (768, 800)))
def test_that_what_is_no_table_is_told_so(raw: bytes) -> None:
    assert parsed(raw) is None


def test_that_a_text_with_too_bright_a_colour_is_none() -> None:
    assert parsed(b"1 2 256\n" * 256) is None
    assert parsed(b"1 2 255\n" * 255) is None
    assert parsed(b"1 2 255\n" * 256) is not None
