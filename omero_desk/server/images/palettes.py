"""The palettes of indexed images, which become lookup tables under names of their own.

OMERO's importer leaves palettes out; its server takes the lookup table that is stored with a channel as that of new
settings (RenderingSettingsImpl.resetChannelBindings), which is what is done here. The name follows from the colours,
so that images with the same palette share a table, and no name ever stands for other colours.
"""

from __future__ import annotations

import hashlib
import re
import threading
from typing import Final

BYTES: Final = 768
"""256 reds, then the greens, then the blues: a table as ImageJ and OMERO keep it in a file."""

_NAME: Final = re.compile(r"palette-[0-9a-f]{12}\.lut")
_MOST: Final = 4096
_KNOWN: Final[dict[str, bytes]] = {}
_LOCK: Final = threading.Lock()


def palette_name(table: bytes) -> str:
    """Return the name of a palette's lookup table."""
    return f"palette-{hashlib.sha256(table).hexdigest()[:12]}.lut"


def is_palette(name: str | None) -> bool:
    """Return whether a lookup table of that name is a palette's."""
    return name is not None and _NAME.fullmatch(name) is not None


def remember(table: bytes) -> str:
    """Keep a palette for `remembered`; return its name. Raises ValueError for a table of another length."""
    if len(table) != BYTES:
        raise ValueError(f"a lookup table has {BYTES} bytes, not {len(table)}")
    name = palette_name(table)
    with _LOCK:
        _KNOWN[name] = table
        while len(_KNOWN) > _MOST:
            del _KNOWN[next(iter(_KNOWN))]
    return name


def remembered(name: str) -> bytes | None:
    """Return the palette of a name, None for one that no library of this process has."""
    return _KNOWN.get(name)
