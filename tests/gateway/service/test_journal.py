"""What is written down of the calls, and that no secret is."""

import logging

import pytest

from omero_desk.entities.calls import CallRecord, Outcome
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError, RefusedError
from omero_desk.entities.objects import ROOT, Scope, SignIn
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.errors import classify
from omero_desk.gateway.redaction import HIDDEN, redacted
from omero_desk.gateway.service.journal import KEPT, Journal
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from tests.gateway.conftest import Lab

KEY = "0a0ce80a-75d7-40bf-b5fa-d5499a60f1f2"


def asks_nonsense(session: LaneSession, secret: str) -> None:
    session.projection(f"select {secret} from")


async def test_that_a_call_is_written_down_from_its_beginning_to_its_end(service: ServiceManager, lab: Lab) -> None:
    seen: list[CallRecord] = []
    service.journal.on_change(seen.append)
    await service.call(Lane.BROWSING, browse.children, ROOT, Scope(lab["group"]))
    assert seen[0].outcome is Outcome.RUNNING
    last = service.journal.records[-1]
    assert last == seen[-1]
    assert (last.lane, last.method, last.outcome, last.tries) == ("Browsing", "browse.children", Outcome.DONE, 1)
    assert "Root" in last.arguments
    assert last.rows
    assert last.bytes is None
    assert last.duration is not None
    assert 0 <= last.duration < 60


async def test_that_the_bytes_of_a_call_are_those_that_it_counted(service: ServiceManager) -> None:
    def reads(session: LaneSession) -> None:
        session.received.add(bytes_=100)
        session.received.add(bytes_=23)

    await service.call(Lane.JOBS, reads)
    last = service.journal.records[-1]
    assert (last.bytes, last.rows) == (123, None)


async def test_that_a_call_that_fails_leaves_the_reason(service: ServiceManager) -> None:
    with pytest.raises(FailedError):
        await service.call(Lane.METADATA, asks_nonsense, "nothing")
    last = service.journal.records[-1]
    assert last.outcome is Outcome.FAILED
    assert "QueryException" in last.error


async def test_that_neither_journal_nor_log_nor_error_nor_repr_holds_a_secret(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service = ServiceManager()
    account = await service.sign_in(lab.sign_in())
    with pytest.raises(FailedError) as failed:
        await service.call(Lane.BROWSING, asks_nonsense, account.session)
    service.close(patience=5)
    with pytest.raises(RefusedError) as refused:
        await service.sign_in(lab.sign_in("ada", password="correct horse"))
    with pytest.raises(RefusedError) as expired:
        await service.sign_in(lab.sign_in("", session=account.session))
    service.close()
    texts = [
        caplog.text,
        repr(service.journal.records),
        *(f"{caught.value.message} {caught.value.detail}" for caught in (failed, refused, expired)),
        repr(account),
        repr(service.status),
        repr(lab.sign_in("ada", password="correct horse", session=account.session)),
    ]
    assert [text for text in texts if account.session in text or "correct horse" in text] == []


async def test_that_the_clients_own_properties_hold_no_password(lab: Lab) -> None:
    request = SignIn(lab.sign_in().host, lab.sign_in().port, "root", "omero")
    service = ServiceManager()
    await service.sign_in(request)

    def properties(session: LaneSession) -> list[str]:
        kept = session.connection.client.getCommunicator().getProperties().getPropertiesForPrefix("")
        return [str(value) for value in kept.values()]

    values = await service.call(Lane.JOBS, properties)
    service.close()
    assert values
    assert not {"omero", "b'omero'"} & set(values)


def test_that_only_the_last_calls_are_kept() -> None:
    journal = Journal()
    numbers = [journal.begin("Jobs", "a.b", "") for _ in range(KEPT + 10)]
    assert [record.id for record in journal.records] == numbers[10:]
    journal.end(numbers[0], Outcome.DONE)
    assert len(journal.records) == KEPT


@pytest.mark.parametrize("text", [KEY, f"No context for {KEY}", f"<{KEY.upper()}omero.api.IQuery>"])
def test_that_session_keys_are_taken_out_of_any_text(text: str) -> None:
    assert KEY not in redacted(text).lower()
    assert HIDDEN in redacted(text)


def test_that_an_exception_that_names_a_session_loses_it() -> None:
    assert KEY not in classify(ValueError(f"No context for {KEY}")).detail
