"""Which wrapper stands for which class of OMERO's model."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

import omero.gateway

from omero_desk.gateway.errors import LostError, RefusedError, classify
from omero_desk.gateway.wrappers import BUILT_IN, DeskWrapper, generic

ENTRY_POINTS = "omero_desk.wrappers"

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Registry:
    """Which wrapper stands for which class: ours, those of other packages over them, and a generic one for the rest."""

    def __init__(self, report: Callable[[str, Exception], None]) -> None:
        """`report` is called once for each foreign wrapper that fails, with its name and what it raised."""
        self._report = report
        self._reported: set[str] = set()
        self._built_in = {wrapper.OMERO_CLASS: wrapper for wrapper in BUILT_IN}
        self._foreign: dict[str, type[Any]] = {}

    def register(self, wrapper: type[Any]) -> None:
        """Let `wrapper` stand for its OMERO_CLASS from now on, in `conn.getObjects` too."""
        if wrapper.OMERO_CLASS is None:
            raise TypeError(f"{wrapper.__name__} has no OMERO_CLASS")
        self._foreign[wrapper.OMERO_CLASS] = wrapper
        _publish((wrapper,))

    def load_entry_points(self, found: Iterable[EntryPoint] | None = None) -> None:
        """Register what other packages offer; one that cannot be loaded is reported and left out."""
        _publish(BUILT_IN)
        for entry in entry_points(group=ENTRY_POINTS) if found is None else found:
            try:
                self.register(entry.load())
            except Exception as error:  # noqa: BLE001 - other people's code may raise anything
                self._failed(entry.name, error)

    def plain(self, kind: str) -> type[Any] | None:
        """Another package's wrapper for this class that knows nothing of the tree, unless it has failed before."""
        wrapper = self._foreign.get(kind)
        return None if wrapper is None or issubclass(wrapper, DeskWrapper) else wrapper

    def is_foreign(self, wrapper: type[Any]) -> bool:
        """Whether another package registered this wrapper."""
        return wrapper in self._foreign.values()

    def desk(self, kind: str) -> type[DeskWrapper]:
        """The wrapper that makes rows of this class: another package's where it is one of our kind, else ours."""
        foreign = self._foreign.get(kind)
        if foreign is not None and issubclass(foreign, DeskWrapper):
            return foreign
        return self._built_in.get(kind) or generic(kind)

    def attempt(self, wrapper: type[Any], function: Callable[[], T]) -> T | None:
        """What `function` gives, None where the foreign `wrapper` fails at it; the line's own errors go on up."""
        try:
            return function()
        except Exception as error:
            if isinstance(classify(error), (LostError, RefusedError)):
                raise
            self._failed(wrapper.__name__, error)
            self._foreign = {kind: cls for kind, cls in self._foreign.items() if cls is not wrapper}
            _publish(BUILT_IN)
            return None

    def _failed(self, name: str, error: Exception) -> None:
        """Report a wrapper by name, once."""
        if name not in self._reported:
            self._reported.add(name)
            _log.warning("wrapper %s failed: %r", name, error)
            self._report(name, error)


def _publish(wrappers: Iterable[type[Any]]) -> None:
    """Make `conn.getObjects` return these, the way the documentation of BlitzGateway tells: replace, then refresh."""
    for wrapper in wrappers:
        if hasattr(omero.gateway, f"{wrapper.OMERO_CLASS}Wrapper"):
            setattr(omero.gateway, f"{wrapper.OMERO_CLASS}Wrapper", wrapper)
        else:
            omero.gateway.KNOWN_WRAPPERS[wrapper.OMERO_CLASS.lower()] = wrapper
    omero.gateway.refreshWrappers()
