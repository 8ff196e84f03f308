"""The calls of a session: each written down, run on its lane, repeated as the policy says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TypeVar

from omero_desk.entities.calls import Outcome
from omero_desk.entities.errors import BusyError, FailedError, GatewayError, GivenUpError, LostError, NotReadyError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.lanes.policy import BUSY_PAUSES, LONGEST_BACK_OFF
from omero_desk.gateway.service.journal import Journal

T = TypeVar("T")


class Calls:
    """The calls under way, by the numbers of the journal's records. Used on the loop's thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tasks: dict[int, asyncio.Task[object]] = {}
        self._struck: set[int] = set()

    async def run(self, number: int, work: Coroutine[None, None, T], is_write: bool = False) -> T:
        """Await `work` and note its outcome in the journal; raise what it raises."""
        task: asyncio.Task[T] = asyncio.ensure_future(work)
        self._tasks[number] = task
        try:
            result = await task
        except asyncio.CancelledError:
            self._journal.end(number, Outcome.CANCELLED)
            if number in self._struck and task.cancelled():
                cancelled = FailedError(mark("Services", "You cancelled this."))
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
        """Cancel a call: its caller gets a FailedError; nothing happens if it is over."""
        if number in self._tasks:
            self._struck.add(number)
            self._tasks[number].cancel()


async def back_off(error: BusyError, before: int) -> None:
    """Wait as long as the server asks; raises `error` if that is too long, or was done often enough `before`."""
    if isinstance(error, NotReadyError):
        raise error  # the caller shows something else meanwhile
    if before >= len(BUSY_PAUSES) or error.back_off > LONGEST_BACK_OFF:
        raise error
    await asyncio.sleep(error.back_off or BUSY_PAUSES[before])


async def with_unknown_fate(looking: Awaitable[T]) -> T:
    """Await a look for a write; mark any error with the write's fate being unknown."""
    try:
        return await looking
    except GatewayError as error:
        error.fate_unknown = True
        raise


def retries_exhausted(error: LostError, unknown: bool = False) -> FailedError:
    """Return the error for the caller of a call that lost the connection each time."""
    failed = FailedError(error.sentence, error.detail)
    failed.fate_unknown = unknown
    failed.__cause__ = error
    return failed


def _outcome(error: GatewayError) -> Outcome:
    cause = error.__cause__ if isinstance(error.__cause__, LostError) else error
    if isinstance(cause, GivenUpError):
        return Outcome.ABANDONED
    return Outcome.LOST if isinstance(cause, LostError) else Outcome.FAILED
