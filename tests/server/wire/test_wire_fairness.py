"""Slow and endless calls of some sessions, over the wire: others are answered, and what nobody waits for ends."""

from __future__ import annotations

from typing import Any

import Ice
import omero
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omero.rtypes import rint, rlong, rstring

from tests.server.conftest import Connect, Lab
from tests.support.server_process import ROOT_PASSWORD

ENDLESS = "select count(a.id) from Event a, Event b, Event c, Event d, Event e, Event f"
PATIENCE_MS = 90_000
HOSTILE = 20


@pytest.fixture(autouse=True)
def events(lab: Lab, connect: Connect) -> None:
    """Enough events that a product of several is without an end."""
    update = connect("root", ROOT_PASSWORD).sf.getUpdateService()
    for _ in range(20):
        tag = omero.model.TagAnnotationI()
        tag.textValue = rstring("event")
        update.saveObject(tag)


def patient(proxy: Any) -> Any:
    return type(proxy).uncheckedCast(proxy.ice_invocationTimeout(PATIENCE_MS))


def test_that_others_are_answered_and_sign_in_while_endless_queries_run(connect: Connect) -> None:
    honest = patient(connect("ada").sf.getQueryService())
    hostile = [connect("ada") for _ in range(HOSTILE)]
    asked = [each.sf.getQueryService().begin_projection(ENDLESS, None) for each in hostile for _ in range(3)]
    assert len(honest.projection("select e.id from Experimenter e where e.omeName = 'ada'", None)) == 1
    assert connect("ben").sf.getAdminService().getEventContext().userName == "ben"
    assert not all(each.isCompleted() for each in asked)


def test_that_an_endless_query_ends_with_its_session(connect: Connect) -> None:
    client = connect("ada")
    query, sessions = client.sf.getQueryService(), client.sf.getSessionService()
    asked = query.begin_projection(ENDLESS, None)
    sessions.closeSession(sessions.getSession(client.getSessionId()))
    with pytest.raises(omero.RemovedSessionException):
        query.end_projection(asked)


def test_that_calls_that_slice_has_as_synchronous_are_answered_as_before(connect: Connect) -> None:
    client = connect("ada")
    assert client.sf.activeServices() == []
    assert client.sf.sharedResources().areTablesEnabled() in (True, False)
    with pytest.raises(Ice.Exception):
        client.sf.createByName("omero.api.Nothing")


@pytest.fixture
def client(connect: Connect) -> Any:
    """One client for all examples of a test."""
    return connect("ada")


LONGS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, -1, 1, 2**31, 2**63 - 1, -(2**63)]))
INTS = st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, -1, 2**31 - 1, -(2**31)]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offset=INTS, limit=INTS, owner=LONGS, text=st.text(max_size=30))
def test_that_any_page_and_text_is_answered_or_refused_in_words(
    client: Any, offset: int, limit: int, owner: int, text: str
) -> None:
    query = patient(client.sf.getQueryService())
    page = omero.sys.ParametersI()
    page.theFilter = omero.sys.Filter(offset=rint(offset), limit=rint(limit), ownerId=rlong(owner))
    for ask in (
        lambda: query.projection("select e.id from Experimenter e order by e.omeName", page),
        lambda: query.findAllByQuery("select e from Experimenter e left outer join fetch e.groupExperimenterMap", page),
        lambda: query.findAllByFullText("Image", text, page),
        lambda: query.findAllByString("Experimenter", "omeName", text, True, page.theFilter),
    ):
        try:
            assert isinstance(ask(), list)  # type: ignore[no-untyped-call]
        except omero.ServerError as refused:
            assert not isinstance(refused, omero.InternalException), refused.message
