"""How often and how long it is tried to get a line back."""

import asyncio
import gc
import time
from itertools import islice

import pytest

from omero_desk.entities.errors import BusyError, GatewayError, LostError, NotAMemberError, RefusedError
from omero_desk.entities.sentences import Sentence
from omero_desk.gateway.connection.reconnect import OFTEN, SELDOM, TRY_LIMIT, Reconnector, intervals


class Server:
    """Fails as it was told, and is there after that."""

    def __init__(self, *errors: GatewayError, round_trip: float | None = None) -> None:
        self.errors = list(errors)
        self.limits: list[float] = []
        self.pauses: list[float] = []
        self.reconnector: Reconnector[str] = Reconnector(self.attempt, self.tell, "here:4064", round_trip)

    async def attempt(self, limit: float) -> str:
        self.limits.append(limit)
        if self.errors:
            raise self.errors.pop(0)
        return "line"

    def tell(self, doing: Sentence, next_try: float | None, tries: int) -> None:
        """Nobody waits: each pause is noted, and broken off."""
        assert "here:4064" in str(doing)
        if next_try is not None:
            self.pauses.append(next_try - time.monotonic())
            self.reconnector.retry_now()


async def test_that_tries_of_the_first_minute_follow_each_other_soon_and_out_of_step() -> None:
    server = Server(*(LostError("not there") for _ in range(30)))
    assert await server.reconnector.run() == "line"
    assert len(server.limits) == 31
    assert max(server.pauses) <= OFTEN
    assert server.pauses[0] <= 0.5
    assert len(set(server.pauses)) == 30
    assert min(server.pauses[10:]) > OFTEN / 2


def test_that_pauses_grow_up_to_half_a_minute() -> None:
    pauses = list(islice(intervals(), 20))
    assert pauses == sorted(pauses)
    assert pauses[-1] == SELDOM


async def test_that_a_try_that_hangs_is_broken_off_for_a_new_one() -> None:
    begun = asyncio.Event()
    tries: list[float] = []

    async def attempt(limit: float) -> str:
        tries.append(limit)
        if len(tries) == 1:
            begun.set()
            await asyncio.Event().wait()
        return "line"

    reconnector = Reconnector(attempt, lambda doing, next_try, tries: None, "here:4064", None)
    running = asyncio.ensure_future(reconnector.run())
    await begun.wait()
    reconnector.retry_now()
    assert await asyncio.wait_for(running, 5) == "line"
    assert len(tries) == 2


async def test_that_nobody_hears_how_a_try_ended_that_was_broken_off() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    reported: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    async def attempt(limit: float) -> str:
        if begun.is_set():
            return "line"
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.set()
            raise LostError("gone in that very moment") from None
        raise AssertionError("nobody sets that event")

    reconnector = Reconnector(attempt, lambda doing, next_try, tries: None, "here:4064", None)
    running = asyncio.ensure_future(reconnector.run())
    await begun.wait()
    reconnector.retry_now()
    assert await asyncio.wait_for(running, 5) == "line"
    await ended.wait()
    await asyncio.sleep(0)  # the broken-off try's last turn
    gc.collect()  # which is when asyncio reports what nobody asked about
    assert reported == []


@pytest.mark.parametrize("error", [RefusedError("no"), NotAMemberError("not yours")], ids=repr)
async def test_that_it_ends_where_there_is_no_point_in_going_on(error: GatewayError) -> None:
    server = Server(LostError("not there"), error)
    with pytest.raises(type(error)):
        await server.reconnector.run()
    assert len(server.limits) == 2


async def test_that_a_busy_server_is_left_alone_for_as_long_as_it_asks() -> None:
    server = Server(BusyError("starting", back_off=20))
    await server.reconnector.run()
    assert 19 < server.pauses[0] <= 20


async def test_that_a_slow_line_gets_more_time_for_a_try() -> None:
    quick, slow = Server(round_trip=0.01), Server(round_trip=0.5)
    await quick.reconnector.run()
    await slow.reconnector.run()
    assert quick.limits == [TRY_LIMIT]
    assert slow.limits == [20.0]
