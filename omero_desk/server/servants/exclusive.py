"""Services of which one operation runs at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Self, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Exclusive:
    """Has a lock that every public operation of the classes below takes.

    A client may call a stateful service from several threads at once; OMERO's have a lock of their own too.
    """

    def __new__(cls, *_arguments: object, **_options: object) -> Self:
        """Give each service its lock before anything else."""
        made = super().__new__(cls)
        made._lock = threading.RLock()
        return made

    _lock: threading.RLock

    def __init_subclass__(cls) -> None:
        """Wrap the operations that a class brings along."""
        super().__init_subclass__()
        for name, member in list(vars(cls).items()):
            if not name.startswith("_") and callable(member):
                setattr(cls, name, _locked(member))


def _locked(
    operation: Callable[Concatenate[Exclusive, Given], Result],
) -> Callable[Concatenate[Exclusive, Given], Result]:
    @wraps(operation)
    def run(self: Exclusive, /, *arguments: Given.args, **options: Given.kwargs) -> Result:
        with self._lock:
            return operation(self, *arguments, **options)

    return run
