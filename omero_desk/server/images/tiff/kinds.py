"""OMERO's names of the formats that are TIFF, by what their first page says."""

from __future__ import annotations

from typing import Final

from tifffile import TiffFile

PLAIN: Final = "TiffDelegate"
"""The format of TIFF files that no maker of microscopes wrote."""

_READERS: Final = (
    ("lsm", "ZeissLSM"),
    ("stk", "Metamorph"),
    ("mdgel", "Gel"),
    ("svs", "SVS"),
    ("ndpi", "NDPI"),
    ("bif", "Ventana"),
    ("scn", "LeicaSCN"),
    ("qpi", "Vectra"),
    ("fluoview", "Fluoview"),
    ("sis", "SIS"),
    ("metaseries", "MetamorphTiff"),
    ("fei", "FEITiff"),
    ("sem", "LEO"),
)
"""Readers of Bio-Formats, in the order in which it tries them (readers.txt), by tifffile's names of the kinds."""


def reader_of(tiff: TiffFile, *, is_ome: bool) -> str:
    """Return the class of Bio-Formats that reads a file, without "Reader": the value of OMERO's Format."""
    found = next((reader for kind, reader in _READERS if getattr(tiff, f"is_{kind}")), None)
    return found or ("OMETiff" if is_ome else PLAIN)
