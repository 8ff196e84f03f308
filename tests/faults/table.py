"""What the fault tables have in common: an operation while a trouble comes and goes, and that nothing is left over."""

from __future__ import annotations

import asyncio
import logging
import threading

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import GatewayError, RefusedError
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.laboratory import Laboratory
from tests.faults.operations import Operation
from tests.faults.troubles import End, Trouble

log = logging.getLogger(__name__)

LONGEST = 25.0
LOOKS = 200
"""So often it is looked whether a server that was late has opened something after all; each time is a sign-in."""
OURS = ("asyncio_", "server notes", "Dummy-")
"""Threads of the tests themselves; those of Qt's pool are dummies to Python."""


def let_go(laboratory: Laboratory, service: ServiceManager, session: str) -> None:
    """End the manager, which must leave nothing open on the server but what its lanes keep."""
    connection = service._keeper.connection
    if session and connection is not None:
        for _ in range(LOOKS):
            if sorted(laboratory.admin.open_services(session)) == sorted(connection.borrowed):
                break
            connection.close_missed()  # as the next ping does
        else:
            raise AssertionError(f"left open: {laboratory.admin.open_services(session)}")
    service.close(patience=5)
    laboratory.tidy()


def left_over(before: set[threading.Thread]) -> list[threading.Thread]:
    """The threads that have come since, and do not end."""
    new = [t for t in threading.enumerate() if t not in before and not t.name.startswith(OURS)]
    for thread in new:
        thread.join(5)
    return [thread for thread in new if thread.is_alive()]


async def nothing() -> None:
    """No fault this time."""


async def signed_in(laboratory: Laboratory, service: ServiceManager) -> None:
    """Sign in, and let the first ping come back, which would count as a sign of life later on."""
    pinged = asyncio.Event()
    service.on_status(lambda status: pinged.set() if status.round_trip is not None else None)
    await service.sign_in(laboratory.sign_in())
    await asyncio.wait_for(pinged.wait(), LONGEST)


async def end_of(operation: Operation, trouble: Trouble) -> End:
    """Do it while the trouble comes and goes."""
    going: list[asyncio.Task[None]] = []

    async def due() -> None:
        await trouble.arm(operation)
        going.append(asyncio.ensure_future(trouble.go()))
        if operation.at_rest:
            await going[0]

    try:
        await asyncio.wait_for(operation.run(due), LONGEST)
    except RefusedError as error:
        log.warning("refused: %s %s", error, error.detail)
        end = End.ASKED if operation.service.state is State.SIGN_IN_NEEDED else End.TOLD
    except GatewayError as error:
        log.warning("told: %s %s", error, error.detail)
        end = End.TOLD
    else:
        end = End.DONE
    await asyncio.wait_for(going[0], LONGEST)
    return end
