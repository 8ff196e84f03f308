"""Paths with methods, which OMERO's test library takes."""

from typing import Any

class path(str):
    def open(self, *args: Any, **kwargs: Any) -> Any: ...
