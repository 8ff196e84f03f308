"""The files in a folder that are no images of a format that is read, counted by the ending of their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from omero_desk.server.images.formats import EXTRA, library_for

_MOST_ENDINGS: Final = 5
_LONGEST: Final = 12
_MICROSCOPES: Final = """
    .1sc .2fl .afi .apl .c01 .ch5 .cxd .czi .dcm .dm2 .dm3 .dm4 .dv .fff .ffr .flex .fli .gif .htd .ics .ids .ims .ipl
    .ipm .ipw .jp2 .klb .lei .lif .lim .lms .mnc .mrc .mrcs .mrxs .msr .mvd2 .nd .nd2 .ndpi .ndpis .nhdr .nii .nrrd .obf
    .oib .oif .oir .pnl .r3d .scn .sdt .sif .sld .sldy .sm2 .sm3 .spe .sxm .vms .vsi .vws .xdce .xqd .xqf .zfp .zfr .zvi
"""
_BIO_FORMATS: Final = frozenset(_MICROSCOPES.split())
"""Endings of formats of images that Bio-Formats reads (its table of supported formats), without ambiguous ones."""


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case with its dot; "" for none, for a part of a set, and for no ending."""
    _, dot, ending = name.rpartition(".")
    is_ending = dot and 0 < len(ending) <= _LONGEST and not ending.isdecimal()
    return f".{ending.lower()}" if is_ending and not name.lower().endswith(".companion.ome") else ""


def sentence_of(counts: Mapping[str, int]) -> str:
    """Return what was passed over, the most frequent first, for the end of a report; "" for nothing."""
    ordered = Counter(counts).most_common()
    wanting = [_counted(*each) for each in ordered if library_for(each[0])]
    known = [_counted(*each) for each in ordered if each[0] in _BIO_FORMATS and not library_for(each[0])]
    others = [_counted(*each) for each in ordered if each[0] not in _BIO_FORMATS and not library_for(each[0])]
    parts = [f"{_list(wanting)} (install {EXTRA})"] if wanting else []
    parts += [f"{_list(known)} (Bio-Formats can convert them to OME-TIFF)"] if known else []
    parts += [_list(others)] if others else []
    return f"not read: {'; '.join(parts)}" if parts else ""


def _counted(ending: str, number: int) -> str:
    return f"{number:,} {ending}"


def _list(texts: list[str]) -> str:
    rest = len(texts) - _MOST_ENDINGS
    shown = texts[:_MOST_ENDINGS] + ([f"files of {rest:,} more kinds"] if rest > 0 else [])
    return ", ".join(shown)
