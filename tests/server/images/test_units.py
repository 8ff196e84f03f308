"""The table of units is that of OMERO's model."""

from __future__ import annotations

import omero.model
import pytest

from omero_desk.server.images.units import SYMBOLS


@pytest.mark.parametrize("kind", SYMBOLS)
def test_that_units_are_those_of_omero(kind: str) -> None:
    symbols = getattr(omero.model, f"{kind}I").SYMBOLS
    assert SYMBOLS[kind] == {symbol: unit for unit, symbol in symbols.items()}
