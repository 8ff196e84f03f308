"""Faults on order, for those who test clients: a server that fails as OMERO's can, when it is told to.

Off, unless the server was started with the setting `desk.faults`, which may be empty (`--set desk.faults=`). Then
administrators change it while the server runs, by IConfig.setConfigValue:

- `desk.faults`: what the next calls of an operation answer, `OPERATION=EXCEPTION[*TIMES][:BACK_OFF_MS]`, several
  separated by `;`. `projection=ConcurrencyException*2:500` fails the next two projections. Each call that fails counts
  down what stands in the setting. Exceptions are omero's by name, and Glacier2's PermissionDeniedException for
  `createSession`, the operation that signs in.
- `desk.faults.preparing`: pixels that are still being prepared, `ID[:BACK_OFF_MS]`, several separated by `;`. Reading
  them fails with a MissingPyramidException, as OMERO's PixelsService has it while there is no pyramid.
- `desk.faults.clock`: milliseconds by which the sessions' clock goes ahead; an hour ends what idles out.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import Glacier2
import Ice
import omero
from omero import all as _all  # noqa: F401  the exception classes appear in `omero` when this is imported

from omero_desk.server.configuration import Configuration
from omero_desk.server.errors import server_error
from omero_desk.server.sessions.table import wall_clock_ms

KEY: Final = "desk.faults"
CLOCK: Final = "desk.faults.clock"
PREPARING: Final = "desk.faults.preparing"

_RULE = re.compile(r"(?P<operation>\w+)=(?P<exception>\w+)(\*(?P<times>\d+))?(:(?P<back_off>\d+))?")
_SAID = "This failure was asked for."
_DENIED = "Internal error. Please contact your administrator."  # as OMERO says when it cannot ask its database


@dataclass(frozen=True, slots=True)
class Rule:
    """The next `times` calls of an operation fail; `back_off` is in milliseconds."""

    operation: str
    exception: str
    times: int = 1
    back_off: int = 0

    def __str__(self) -> str:
        return f"{self.operation}={self.exception}*{self.times}:{self.back_off}"

    def error(self) -> Ice.UserException:
        """Return the exception that the client gets."""
        if self.exception == "PermissionDeniedException":
            return Glacier2.PermissionDeniedException(_DENIED)
        made: omero.ServerError = server_error(getattr(omero, self.exception), _SAID)
        if isinstance(made, omero.ConcurrencyException):
            made.backOff = self.back_off
        return made


def parse(text: str) -> list[Rule]:
    """Read the setting `desk.faults`; raises ValueError that names the part that makes no sense."""
    return [_rule(part) for part in re.split(r"[;\s]+", text) if part]


def parse_preparing(text: str) -> dict[int, int]:
    """Read the setting `desk.faults.preparing`: milliseconds by the pixels' ids. Raises ValueError."""
    pairs = (part.partition(":") for part in re.split(r"[;\s]+", text) if part)
    return {int(pixels_id): int(back_off or 0) for pixels_id, _, back_off in pairs}


class Faults:
    """The failures that the configuration asks for. Raises ValueError if its settings cannot be read at the start."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._enabled = configuration.has(KEY)
        self._lock = threading.Lock()
        parse(configuration.get(KEY))

    @property
    def clock(self) -> Callable[[], int]:
        """Return the time for sessions, in milliseconds since 1970."""
        return self._shifted_clock if self._enabled else wall_clock_ms

    def check(self, operation: str) -> None:
        """Raise what a call of `operation` is to fail with, if it is; counts it."""
        if not self._enabled or not self._configuration.get(KEY):
            return
        with self._lock:
            rules = parse(self._configuration.get(KEY))
            due = next((rule for rule in rules if rule.operation == operation), None)
            if due is None:
                return
            left = [replace(rule, times=rule.times - (rule is due)) for rule in rules]
            self._configuration.set(KEY, ";".join(str(rule) for rule in left if rule.times > 0))
        raise due.error()

    def check_prepared(self, pixels_id: int) -> None:
        """Raise omero.MissingPyramidException for pixels that are being prepared."""
        if not self._enabled:
            return
        preparing = parse_preparing(self._configuration.get(PREPARING))
        if pixels_id in preparing:
            error = server_error(omero.MissingPyramidException, f"Missing pyramid of pixels {pixels_id}")
            error.backOff, error.pixelsID = preparing[pixels_id], pixels_id
            raise error

    def _shifted_clock(self) -> int:
        return wall_clock_ms() + self._configuration.number(CLOCK)


def _rule(text: str) -> Rule:
    found = _RULE.fullmatch(text)
    if found is None:
        raise ValueError(f"{KEY} wants OPERATION=EXCEPTION*TIMES:BACK_OFF_MS, not {text!r}.")
    rule = Rule(found["operation"], found["exception"], int(found["times"] or 1), int(found["back_off"] or 0))
    kind = getattr(omero, rule.exception, None)
    if rule.exception != "PermissionDeniedException" and not (
        isinstance(kind, type) and issubclass(kind, omero.ServerError)
    ):
        raise ValueError(f"{KEY}: there is no server error named {rule.exception}.")
    return rule
