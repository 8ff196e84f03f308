"""Rows that a caller may not read stay hidden on every path that leads to them from rows that the caller may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import omero
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omero import rtypes

from tests.server.hql.conftest import Library

SECRET = "6b1d0e2c-hidden"
LINK = "l.details.owner.id > -1"

SOURCES = (
    ("ImageAnnotationLink l", "l.child", LINK),
    ("ImageAnnotationLink l join l.child c", "c", LINK),
    ("ImageAnnotationLink l left outer join l.child c", "c", LINK),
    ("ImageAnnotationLink l join fetch l.child c", "c", LINK),
    ("ImageAnnotationLink l left outer join fetch l.child c", "c", LINK),
    ("Image i join i.annotationLinks l", "l.child", LINK),
    ("Image i left join i.annotationLinks l left join l.child c", "c", LINK),
    ("Image i join fetch i.annotationLinks l join fetch l.child c", "c", LINK),
    ("Image i, i.annotationLinks l", "l.child", LINK),
    ("Event l", "l.session", "l.experimenter.id >= 0"),
    ("Event l join l.session s", "s", "l.experimenter.id >= 0"),
    ("Event l left join fetch l.session s", "s", "l.experimenter.id >= 0"),
    ("EventLog l", "l.event.session", "l.id > 0"),
    ("EventLog l join l.event e join e.session s", "s", "l.id > 0"),
    ("EventLog l join fetch l.event e join fetch e.session s", "s", "l.id > 0"),
    ("Image l", "l.details.updateEvent.session", "l.id > 0"),
    ("Image l join l.details.updateEvent e", "e.session", "l.id > 0"),
)
"""From clauses, a path in them to an object that may be hidden, and a condition that is true of visible rows."""

FORMS = (
    "select {v} from {f} where {w}",
    "select distinct {v} from {f} where {w}",
    "select l.id, {v} from {f} where {w}",
    "select new map(l.id as number, {v} as found) from {f} where {w}",
    "select max({v}) from {f} where {w}",
    "select {v}, count(*) from {f} where {w} group by {v} having {v} is not null",
    "select lower({v}) || 'x' from {f} where {w}",
    "select coalesce({v}, 'nothing') from {f} where {w}",
    "select case when {v} is null then 'none' else {v} end from {f} where {w}",
    "select substring({v}, 1, 4) from {f} where {w}",
    "select (select min({v}) from {f} where {w}) from Experimenter z where z.id = 0",
    "select {p} from {f} where {w}",
    "select new map({p} as found) from {f} where {w}",
    "select l, {p} from {f} where {w}",
    "select l from {f} where {w} order by {v} desc",
    "select i from {f} where {w}",
    "select i from {f} where {w} and {v} is not null",
)
"""Queries for a value of the object ({v}) or for the object ({p})."""

ORACLES = (
    "select l.id from {f} where {w} and {v} like '{x}%'",
    "select l.id from {f} where {w} and not {v} like '{x}%'",
    "select l.id from {f} where {w} and ({v} is null or {v} < '{x}')",
    "select l.id from {f} where {w} and {v} in ('{x}', 'other')",
    "select l.id from {f} where {w} order by case when {v} = '{x}' then l.id else -l.id end",
    "select count(*) from {f} where {w} and {v} = '{x}'",
    "select count(*) from Experimenter z where exists (select l.id from {f} where {w} and {v} = '{x}')",
    "select l from {f} where {w} and {v} = '{x}'",
    "select sum(case when {v} = '{x}' then 1 else 0 end) from {f} where {w}",
    "select z.id from Experimenter z where '{x}' = any (select {v} from {f} where {w})",
)
"""Queries whose answer would tell whether the hidden value is {x}."""


@pytest.fixture(scope="module")
def hidden(empty_library: Library) -> Iterator[Any]:
    """A connection to a library in which ada sees links to a tag of ben's, and events in a session of root's."""
    with empty_library.scratch() as connection:
        add = empty_library.insert
        (tag,) = add(connection, "TagAnnotation", {"textValue": SECRET, "ns": SECRET}, owner="ben", group="private")
        (image,) = add(connection, "Image", {"name": "seen"})
        add(connection, "ImageAnnotationLink", {"parent_id": image, "child_id": tag})
        times = {"timeToIdle": 0, "timeToLive": 0, "started": 1, "node_id": 0, "defaultEventType": "User"}
        (session,) = empty_library.store.insert_rows(
            connection,
            "Session",
            [{**times, "uuid": SECRET, "userAgent": SECRET, "userIP": SECRET, "owner_id": 0}],
        )
        common = {"status": "x", "time": 1, "experimenter_id": 0, "experimenterGroup_id": 0, "type_id": 1}
        (event,) = empty_library.store.insert_rows(connection, "Event", [{**common, "session_id": session}])
        log = {"entityId": 1, "entityType": "x", "action": "INSERT", "event_id": event}
        empty_library.store.insert_rows(connection, "EventLog", [log])
        add(connection, "Image", {"name": "later", "update_id": event})
        yield connection


def answer(library: Library, connection: Any, hql: str, user: str = "ada") -> Any:
    """The rows of a query in Python values, objects by their text; the text of a refusal."""
    try:
        return [str(rtypes.unwrap(row)) for row in library.project(hql, connection=connection, user=user, group=-1)]
    except (omero.SecurityViolation, omero.QueryException, omero.ApiUsageException) as error:
        return f"refused: {type(error).__name__} {error.message.replace(hql, '')}"


def column_of(path: str) -> str:
    return path + (".uuid" if path == "s" or path.endswith("session") else ".ns")


def filled(form: str, source: tuple[str, str, str], other: str = SECRET) -> str:
    tables, path, condition = source
    return form.format(f=tables, w=condition, p=path, v=column_of(path), x=other)


@pytest.mark.parametrize("source", SOURCES, ids=[f"{source[0]}: {source[1]}" for source in SOURCES])
def test_that_no_path_shows_a_value_of_a_hidden_row(
    empty_library: Library, hidden: Any, source: tuple[str, str, str]
) -> None:
    for form in FORMS:
        hql = filled(form, source)
        found = answer(empty_library, hidden, hql)
        assert SECRET[:4] not in str(found), hql


@pytest.mark.parametrize("source", SOURCES, ids=[f"{source[0]}: {source[1]}" for source in SOURCES])
def test_that_no_condition_tells_what_is_in_a_hidden_row(
    empty_library: Library, hidden: Any, source: tuple[str, str, str]
) -> None:
    for form in ORACLES:
        right, wrong = (filled(form, source, guess) for guess in (SECRET, "7" + SECRET[1:]))
        found = answer(empty_library, hidden, right)
        assert found == answer(empty_library, hidden, wrong), right


def test_that_these_queries_find_the_values_for_whoever_may_read_them(empty_library: Library, hidden: Any) -> None:
    for source in SOURCES:
        root = source[0].split()[1]
        form = FORMS[0] if "fetch" not in source[0] else f"select {root} from {{f}} where {{w}} and {{v}} = '{{x}}'"
        others = [filled(form, source, guess) for guess in (SECRET, "7" + SECRET[1:])]
        found, other = (answer(empty_library, hidden, hql, "root") for hql in others)
        assert SECRET in str(found) or found != other, source


_EXPRESSIONS = st.recursive(
    st.sampled_from(["{v}", "'a'", "l.id", "{p}.id", "{v}", "null"]),
    lambda inner: st.one_of(
        st.builds("lower({})".format, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("case when {} = {} then {} else {} end".format, inner, inner, inner, inner),
        st.builds("(select min({}) from {{f}} where {{w}})".format, inner),
    ),
    max_leaves=4,
)
_CONDITIONS = st.sampled_from(["{} is null", "{} is not null", "{} like '%hid%'", "{} <> 'a'", "not {} = 'b'", "1 = 1"])


@given(
    source=st.sampled_from(SOURCES),
    items=st.lists(_EXPRESSIONS, min_size=1, max_size=2),
    condition=st.builds(str.format, _CONDITIONS, _EXPRESSIONS),
    order=_EXPRESSIONS,
)
def test_that_no_query_answers_with_a_value_of_a_hidden_row(
    empty_library: Library, hidden: Any, source: tuple[str, str, str], items: list[str], condition: str, order: str
) -> None:
    form = f"select {', '.join(items)} from {{f}} where {{w}} and {condition} order by {order}"
    hql = filled(form, source)
    assert SECRET[:4] not in str(answer(empty_library, hidden, hql)), hql


def test_that_sessions_are_their_owners_and_administrators(empty_library: Library, hidden: Any) -> None:
    for column in ("uuid", "userAgent", "userIP", "node.uuid"):
        hql = f"select e.session.{column} from Event e where e.status = 'x'"
        assert empty_library.rows(hql, connection=hidden, group=-1) == []
        assert len(empty_library.rows(hql, connection=hidden, group=-1, user="root")) == 1
    objects = "select e from Event e join fetch e.session where e.status = 'x'"
    with pytest.raises(omero.SecurityViolation):
        empty_library.objects(objects, connection=hidden, group=-1)
    assert empty_library.objects(objects, connection=hidden, group=-1, user="root")[0].session.uuid.val == SECRET
