"""The fault table: each way in which a line or a server can fail, at each thing that a user does meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import FailedError
from omero_desk.gateway.annotations.linking import CommentWrite
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.laboratory import Laboratory
from tests.faults.operations import OPERATIONS, Expanding, Operation, Streaming, Writing
from tests.faults.proxy import Fault, Moment
from tests.faults.table import LONGEST, end_of, nothing, signed_in
from tests.faults.troubles import TROUBLES, End, Trouble


async def test_that_a_write_that_arrives_after_it_was_given_up_is_not_made_twice(
    laboratory: Laboratory, service: ServiceManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    await signed_in(laboratory, service)
    await Writing(laboratory, service).run(nothing)  # the lane has its services then: the next request is the write
    draft = CommentWrite._draft
    held: list[CommentWrite] = []

    def draft_and_hold(write: CommentWrite, session: LaneSession) -> Any:
        drafted = draft(write, session)
        if not held:
            held.append(write)
            laboratory.proxy.arm(Fault.HOLD, Moment.REQUEST)
        return drafted

    monkeypatch.setattr(CommentWrite, "_draft", draft_and_hold)
    writing = Writing(laboratory, service)
    task = asyncio.ensure_future(writing.run(nothing))
    lost = asyncio.Event()
    service.on_state(lambda state: lost.set() if state is State.RECONNECTING else None)
    await asyncio.wait_for(lost.wait(), LONGEST)
    laboratory.proxy.heal()
    service.retry_now()
    await asyncio.wait_for(task, LONGEST)
    writing.check()


async def test_that_a_reply_too_large_to_take_fails_with_a_sentence_and_the_next_call_works(
    laboratory: Laboratory, service: ServiceManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "ice.config"
    settings.write_text("Ice.MessageSizeMax=12\n")  # kB
    monkeypatch.setenv("ICE_CONFIG", str(settings))
    await signed_in(laboratory, service)
    with pytest.raises(FailedError, match="too large"):
        await Expanding(laboratory, service).run(nothing)
    await Streaming(laboratory, service).run(nothing)
    assert service.state is State.ONLINE


@pytest.mark.parametrize("operation_class", OPERATIONS, ids=lambda cls: cls.name)
@pytest.mark.parametrize("trouble_class", TROUBLES, ids=lambda cls: cls.name)
async def test_that_nothing_is_lost_or_doubled(
    laboratory: Laboratory,
    service: ServiceManager,
    trouble_class: type[Trouble],
    operation_class: type[Operation],
) -> None:
    operation, trouble = operation_class(laboratory, service), trouble_class(laboratory, service)
    if not operation.signs_in:
        await signed_in(laboratory, service)
    end = await end_of(operation, trouble)
    assert end is trouble.end_of(operation)
    if end is not End.DONE:
        operation.check_given_back()
    await trouble.make_good()
    if end is not End.DONE:
        await asyncio.wait_for(operation.run(nothing), LONGEST)
    assert service.state is State.ONLINE
    operation.check()
