"""A program that signs in, loses the line to a black hole with a call under way, and quits: run by test_lost_lines."""

import asyncio
import sys
import time

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager


def keep_alive(session: LaneSession) -> None:
    session.connection.factory.keepAlive(None)


async def main(port: int, password: str) -> None:
    service = ServiceManager()
    await service.sign_in(SignIn("127.0.0.1", port, "root", password))
    sys.stdout.write("online\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asking = asyncio.ensure_future(service.call(Lane.BROWSING, keep_alive))
    while service.lanes[0].running is None:
        await asyncio.sleep(0)
    asking.cancel()
    began = time.monotonic()
    service.close()
    sys.stdout.write(f"{time.monotonic() - began}\n")
    sys.stdout.flush()


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
