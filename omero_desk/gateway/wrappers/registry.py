"""The wrappers for the classes of OMERO's model."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from typing import Final, TypeVar

import omero.clients
import omero.gateway
import omero.model
from omero.gateway import BlitzObjectWrapper

from omero_desk.entities.errors import BusyError, LostError, RefusedError
from omero_desk.gateway.errors import classify
from omero_desk.gateway.wrappers import checked_values
from omero_desk.gateway.wrappers.desk_wrappers import BUILT_IN, DeskWrapper, generic
from omero_desk.gateway.wrappers.extensions import ENTRY_POINTS, Extensions
from omero_desk.gateway.wrappers.overrides import is_foreign

__all__ = ["ENTRY_POINTS", "Registry"]

T = TypeVar("T")

_EXTENSIONS: Final = Extensions()

_log = logging.getLogger(__name__)


class Registry:
    """The wrapper for each class: ours, those of other packages in their place, and a generic one for the rest."""

    def __init__(self, report: Callable[[str, BaseException], None]) -> None:
        """`report` is called once for each foreign wrapper that fails, with its name and what it raised."""
        self._report = report
        self._reported: set[str] = set()
        self._built_in = {wrapper.OMERO_CLASS: wrapper for wrapper in BUILT_IN}
        self._foreign: dict[str, type[BlitzObjectWrapper]] = {}
        self._names: dict[type, str] = {}
        self._at_work: dict[int, tuple[type, float]] = {}
        """The foreign wrapper that each thread is in, and since when (on the monotonic clock)."""

    def register(self, wrapper: type[BlitzObjectWrapper]) -> None:
        """Let `wrapper` stand for its OMERO_CLASS from now on, in `conn.getObjects` too.

        Raises TypeError for what is no wrapper of a class of OMERO's model.
        """
        if not (isinstance(wrapper, type) and issubclass(wrapper, BlitzObjectWrapper)):
            raise TypeError(f"{wrapper!r:.200} is no subclass of omero.gateway.BlitzObjectWrapper")
        if wrapper.OMERO_CLASS is None:
            raise TypeError(f"{wrapper.__name__} has no OMERO_CLASS")
        if not (isinstance(wrapper.OMERO_CLASS, str) and _is_in_model(wrapper.OMERO_CLASS)):
            raise TypeError(f"{wrapper.__name__} names no class of OMERO's model: {wrapper.OMERO_CLASS!r:.200}")
        self._foreign[wrapper.OMERO_CLASS] = wrapper
        _publish((wrapper,))

    def load_entry_points(self, found: Iterable[EntryPoint] | None = None) -> None:
        """Register what other packages offer; one that cannot be loaded in time is reported and left out."""
        _EXTENSIONS.notice()
        _publish(BUILT_IN)
        for offer in _EXTENSIONS.offers(found):
            if offer.error is not None:
                self._failed(offer.name, offer.error)
            for wrapper in offer.wrappers:
                self._take(offer.name, wrapper)
        _publish((*BUILT_IN, *self._foreign.values()))

    def foreign(self, kind: str) -> type[BlitzObjectWrapper] | None:
        """Return another package's wrapper for this class, None if there is none."""
        return self._foreign.get(kind)

    def built_in(self, kind: str) -> type[DeskWrapper]:
        """Return our own wrapper for this class."""
        return self._built_in.get(kind) or generic(kind)

    def has_rows(self, kind: str) -> bool:
        """Return whether the class is one of OMERO's tree, whose rows a wrapper of our own makes."""
        return kind in self._built_in

    def desk(self, kind: str) -> type[DeskWrapper]:
        """Return the wrapper that makes rows of this class: another package's if it is a DeskWrapper, else ours."""
        foreign = self._foreign.get(kind)
        if foreign is not None and issubclass(foreign, DeskWrapper):
            return foreign
        return self.built_in(kind)

    def gateway(self, client: omero.clients.BaseClient) -> omero.gateway.BlitzGateway:
        """Return a gateway over a client that is signed in: of the class that another package has put in its place."""
        cls = omero.gateway.BlitzGateway
        made = self.attempt(cls, lambda: cls(client_obj=client)) if is_foreign(cls) else None
        return made or omero.gateway._BlitzGateway(client_obj=client)

    def attempt(self, wrapper: type, function: Callable[[], T]) -> T | None:
        """Return the result of `function`, None where the foreign `wrapper` fails at it, which is reported.

        Raises LostError, RefusedError and BusyError, which are no fault of a wrapper.
        """
        thread = threading.get_ident()
        before = self._at_work.get(thread)
        self._at_work[thread] = before or (wrapper, time.monotonic())
        try:
            return function()
        except BaseException as error:
            if _is_the_connection_s(error):
                raise
            self._failed(self._names.get(wrapper, wrapper.__name__), error)
            return None
        finally:
            if before is None:
                del self._at_work[thread]

    def give_up(self, patience: float) -> None:
        """Report foreign wrappers that have been at work for half of `patience` seconds, and do without them."""
        for wrapper, since in list(self._at_work.values()):
            if time.monotonic() - since >= patience / 2:
                self._foreign = {kind: one for kind, one in self._foreign.items() if one is not wrapper}
                error = TimeoutError(f"no answer within {patience:g} seconds")
                self._failed(self._names.get(wrapper, wrapper.__name__), error)

    def _take(self, name: str, wrapper: type[BlitzObjectWrapper]) -> None:
        try:
            self.register(wrapper)
        except Exception as error:  # noqa: BLE001 - its attributes may be properties of other people's
            self._failed(name, error)
        else:
            self._names[wrapper] = name if name == wrapper.__name__ else f"{name} ({wrapper.__name__})"

    def _failed(self, name: str, error: BaseException) -> None:
        """Report a wrapper by name, once."""
        if name not in self._reported:
            self._reported.add(name)
            told = _presentable(error)
            _log.warning("wrapper %s failed: %r", name, told)
            self._report(name, told)


def _is_the_connection_s(error: BaseException) -> bool:
    """Return whether the connection or the server is to blame, whoever was at work."""
    try:
        return isinstance(classify(error), (LostError, RefusedError, BusyError))
    except Exception:  # noqa: BLE001 - other people's exceptions may have any __str__
        return False


def _is_in_model(kind: str) -> bool:
    """Return whether OMERO has objects of this class, which may be abstract."""
    found = getattr(omero.model, kind, None)
    return isinstance(found, type) and issubclass(found, omero.model.IObject)


def _presentable(error: BaseException) -> BaseException:
    """Return the error itself if it can be told, else one that says its class and how it begins."""
    try:
        words = repr(error)
    except Exception:  # noqa: BLE001 - other people's exceptions may have any __repr__
        return RuntimeError(type(error).__name__)
    return error if len(words) <= checked_values.LONGEST else RuntimeError(words[: checked_values.LONGEST])


def _publish(wrappers: Iterable[type[BlitzObjectWrapper]]) -> None:
    """Make `conn.getObjects` return these, the way the documentation of BlitzGateway tells: replace, then refresh."""
    for wrapper in wrappers:
        _EXTENSIONS.published(wrapper)
        if hasattr(omero.gateway, f"{wrapper.OMERO_CLASS}Wrapper"):
            setattr(omero.gateway, f"{wrapper.OMERO_CLASS}Wrapper", wrapper)
        else:
            omero.gateway.KNOWN_WRAPPERS[wrapper.OMERO_CLASS.lower()] = wrapper
    omero.gateway.refreshWrappers()
