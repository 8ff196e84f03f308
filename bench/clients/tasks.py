"""Tasks of a client, and how each of them went."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

WORKS, REFUSED, FAILS, SKIPPED, FAULTY = "works", "refused", "fails", "not run", "client's fault"


@dataclass(frozen=True)
class Place:
    """A server with a library in which `user` owns images, and a folder for what a client writes.

    The user is in two groups at least; the password of the administrator root is `root_password`.
    """

    host: str
    port: int
    folder: Path
    user: str = "demo"
    password: str = "demo"
    root_password: str = "omero"


@dataclass(frozen=True)
class Result:
    """How a task went. `detail` is what there was, or the reason why there was nothing."""

    task: str
    outcome: str
    detail: str
    seconds: float


class RefusedError(Exception):
    """The server says no, and says why: what the task asks for is not part of it."""


class NotRunError(Exception):
    """The task needs what is not there; says what."""


class ClientFaultError(Exception):
    """The client goes wrong by itself, with any server; says how."""


Work = Callable[[Place], "str | None"]


class Tasks:
    """The tasks of one client, in the order in which they run; `packages` are those whose versions are told."""

    def __init__(self, client: str, *packages: str) -> None:
        self.client = client
        self._packages = packages
        self.all: dict[str, Work] = {}

    def __call__(self, name: str) -> Callable[[Work], Work]:
        """Take in a function as the task of that name; it returns what is worth telling."""

        def enter(work: Work) -> Work:
            self.all[name] = work
            return work

        return enter

    def versions(self) -> str:
        """Return the packages and their versions."""
        return ", ".join(f"{name} {version(name)}" for name in self._packages)

    def run(self, place: Place) -> Iterator[Result]:
        """Run all tasks; one that goes wrong does not keep the others from running."""
        for name, work in self.all.items():
            started = time.perf_counter()
            outcome, detail = _outcome(work, place)
            yield Result(name, outcome, detail, round(time.perf_counter() - started, 2))


def _outcome(work: Work, place: Place) -> tuple[str, str]:
    try:
        return WORKS, work(place) or ""
    except RefusedError as refusal:
        return REFUSED, str(refusal)
    except NotRunError as lack:
        return SKIPPED, str(lack)
    except ClientFaultError as fault:
        return FAULTY, str(fault)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a client raises is a result
        traceback.print_exc()
        return FAILS, _in_a_line(error)


def _in_a_line(error: BaseException) -> str:
    where = traceback.extract_tb(error.__traceback__)
    said = getattr(error, "message", "") or str(error) or (where[-1].line or "" if where else "")
    return f"{type(error).__name__}: {' '.join(said.split())[:300]}"
