"""Imports the wrappers that other packages offer, whatever their modules do: raise, end the program, or hang.

A package offers a wrapper through the entry point group `omero_desk.wrappers`, as a class; or as a module that replaces
classes of `omero.gateway` when it is imported, as the documentation of BlitzGateway describes ("Overwriting and
extending omero.gateway classes").
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Final

import omero.gateway
from omero.gateway import BlitzObjectWrapper

from omero_desk.gateway.wrappers.overrides import is_foreign

ENTRY_POINTS: Final = "omero_desk.wrappers"
PATIENCE: Final = 5.0
"""Seconds that an import may take before sign-in goes on without it; once one has taken longer, `LESS_PATIENCE`."""
LESS_PATIENCE: Final = 1.0

Wrapper = type[BlitzObjectWrapper]

_log = logging.getLogger(__name__)


class SlowImportError(Exception):
    """An import that has not ended in time; it goes on, and counts from the next sign-in if it ends after all."""


@dataclass(frozen=True)
class Offer:
    """The wrappers that a package brings; `error` says why it brings none."""

    name: str
    wrappers: tuple[Wrapper, ...] = ()
    error: BaseException | None = None


class _Import(threading.Thread):
    """The import of one entry point. On a thread of its own, as nothing ends an import that hangs.

    Such a thread keeps the lock of the module that it imports, so no other thread may ask for the module.
    """

    def __init__(self, entry: EntryPoint) -> None:
        super().__init__(name=f"import {entry.name}", daemon=True)
        self.replaced: tuple[Wrapper, ...] = ()
        self._entry = entry
        self._offer = Offer(entry.name)

    @property
    def offer(self) -> Offer:
        """The result so far."""
        if self.is_alive():
            return Offer(self._entry.name, error=SlowImportError(f"the import of {self._entry.value} has not ended"))
        return self._offer

    def run(self) -> None:
        before = set(replaced())
        try:
            offered = self._entry.load()
        except BaseException as error:  # noqa: BLE001 - other people's code may raise anything, SystemExit too
            self._offer = Offer(self._entry.name, error=error)
        else:
            own = () if isinstance(offered, ModuleType) else (offered,)
            self._offer = Offer(self._entry.name, (*_new(before), *own))
        self.replaced = _new(before)


class Extensions:
    """The offers of packages to this process. Modules are imported once, however often somebody signs in."""

    def __init__(self) -> None:
        self._imports: dict[EntryPoint, _Import] = {}
        self._found: dict[Wrapper, None] = {}
        self._published: set[Wrapper] = set()

    def notice(self) -> None:
        """Take note of the classes that packages without an entry point of ours have put into `omero.gateway`."""
        brought = self._published.union(*(one.replaced for one in self._imports.values()))
        self._found.update({wrapper: None for wrapper in replaced() if wrapper not in brought})

    def offers(self, entries: Iterable[EntryPoint] | None) -> Iterator[Offer]:
        """Yield the classes that were noticed, then the offer of each entry point; of all installed ones for None."""
        yield from (Offer(wrapper.__name__, (wrapper,)) for wrapper in self._found)
        patience = PATIENCE
        try:
            installed = tuple(entry_points(group=ENTRY_POINTS) if entries is None else entries)
        except Exception as error:  # noqa: BLE001 - a list that Python cannot read, of whatever package
            installed = ()
            yield Offer(ENTRY_POINTS, error=error)
        for entry in installed:
            offer = self._offer(entry, patience)
            if isinstance(offer.error, SlowImportError):
                patience = LESS_PATIENCE
            yield offer

    def published(self, wrapper: Wrapper) -> None:
        """Take note of a wrapper that a registry puts into `omero.gateway`."""
        self._published.add(wrapper)

    def _offer(self, entry: EntryPoint, patience: float) -> Offer:
        """Import what was not imported yet; what failed is tried again, what hangs is not waited for again."""
        running = self._imports.get(entry)
        if running is None or (not running.is_alive() and running.offer.error is not None):
            running = self._imports[entry] = _Import(entry)
            running.start()
            running.join(patience)
        return running.offer


def _new(before: set[Wrapper]) -> tuple[Wrapper, ...]:
    return tuple(wrapper for wrapper in replaced() if wrapper not in before)


def replaced() -> list[Wrapper]:
    """Return the classes that others have put into `omero.gateway` in place of those that were there."""
    return [
        cls
        for name, cls in list(vars(omero.gateway).items())
        if isinstance(cls, type)
        and issubclass(cls, BlitzObjectWrapper)
        and name == f"{cls.OMERO_CLASS}Wrapper"
        and is_foreign(cls)
    ]
