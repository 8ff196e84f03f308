"""The one place for imports made late: modules too slow to load before the window is painted."""

from __future__ import annotations

import importlib
from typing import Any


def load(module: str) -> Any:
    """Import `module`, on whatever thread calls."""
    return importlib.import_module(module)
