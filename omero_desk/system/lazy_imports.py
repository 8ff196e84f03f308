"""The one place for lazy imports: of modules too slow to load before the window is painted."""

from __future__ import annotations

import importlib
from types import ModuleType


def load(module: str) -> ModuleType:
    """Import `module`, on whatever thread calls."""
    return importlib.import_module(module)


class LazyModule:
    """Stands for a module that is imported when one of its names is first used, on whatever thread uses it.

    With its real import under `if TYPE_CHECKING`, and this in the `else`, what it holds keeps its types.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(load(self._name), attribute)
