"""The calls of a session: each written down, run on its lane, repeated as the policy says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from omero_desk.gateway.errors import BusyError, FailedError, GatewayError, GivenUpError, LostError, NotReadyError
from omero_desk.gateway.journal import Journal, Outcome
from omero_desk.gateway.policy import BUSY_PAUSES, LONGEST_BACK_OFF

T = TypeVar("T")


class Calls:
    """What is under way, by the numbers of the journal's records. Used on the loop's thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._struck: set[int] = set()

    async def run(self, number: int, work: Coroutine[Any, Any, T], is_write: bool = False) -> T:
        """Await `work` and write down what became of it; raises what it raises."""
        task: asyncio.Task[T] = asyncio.ensure_future(work)
        self._tasks[number] = task
        try:
            result = await task
        except asyncio.CancelledError:
            self._journal.end(number, Outcome.CANCELLED)
            if number in self._struck and task.cancelled():
                cancelled = FailedError("You cancelled this.")
                cancelled.fate_unknown = is_write
                raise cancelled from None
            raise
        except GatewayError as error:
            self._journal.end(number, _outcome(error), f"{error.message} {error.detail}".strip())
            raise
        finally:
            del self._tasks[number]
            self._struck.discard(number)
        self._journal.end(number, Outcome.DONE)
        return result

    def cancel(self, number: int) -> None:
        """Whoever waits for the call gets a FailedError; nothing happens if it is over."""
        if number in self._tasks:
            self._struck.add(number)
            self._tasks[number].cancel()


async def back_off(error: BusyError, before: int) -> None:
    """Wait as long as the server asks; raises `error` if that is too long, or was done often enough `before`."""
    if isinstance(error, NotReadyError):
        raise error  # whoever asked has something to say and to show meanwhile
    if before >= len(BUSY_PAUSES) or error.back_off > LONGEST_BACK_OFF:
        raise error
    await asyncio.sleep(error.back_off or BUSY_PAUSES[before])


async def marked(looking: Awaitable[T]) -> T:
    """Say of whatever goes wrong with looking for a write that its fate is unknown."""
    try:
        return await looking
    except GatewayError as error:
        error.fate_unknown = True
        raise


def final(error: LostError, unknown: bool = False) -> FailedError:
    """What the caller hears when there was no end of losing the line."""
    failed = FailedError(error.message, error.detail)
    failed.fate_unknown = unknown
    failed.__cause__ = error
    return failed


def _outcome(error: GatewayError) -> Outcome:
    cause = error.__cause__ if isinstance(error.__cause__, LostError) else error
    if isinstance(cause, GivenUpError):
        return Outcome.ABANDONED
    return Outcome.LOST if isinstance(cause, LostError) else Outcome.FAILED
