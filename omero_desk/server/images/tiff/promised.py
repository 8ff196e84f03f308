"""The number of planes that the description of a TIFF page tells of."""

from __future__ import annotations

import json
import re
from math import prod
from typing import Final

_IMAGEJ: Final = re.compile(rb"\AImageJ=[^\0]*?^images=(\d{1,9})$", re.MULTILINE)
_OME_SIZE: Final = re.compile(rb"\sSize([ZCT])\s*=\s*[\"'](\d{1,9})[\"']")
_PIXELS: Final = re.compile(rb"<(?:\w+:)?Pixels\b[^>]*>")
_SHAPED: Final = re.compile(rb'\A\{"shape": *(\[[\d, ]+\])')


def promised_planes(description: bytes) -> int | None:
    """Return the planes of the first image by ImageJ's, OME-XML's or tifffile's description, None if it has no say."""
    counted = _IMAGEJ.search(description)
    if counted:
        return int(counted.group(1))
    pixels = _PIXELS.search(description)
    if pixels:
        return prod(int(size) for _, size in _OME_SIZE.findall(pixels.group())) or None
    shaped = _SHAPED.match(description)
    return prod(json.loads(shaped.group(1))[:-2]) if shaped else None
