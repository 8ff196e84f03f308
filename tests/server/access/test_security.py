"""Who sees what: the predicate in SQL against the rule in plain Python, over random libraries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import omero
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.access.caller import ALL_GROUPS, Caller, enter_group, load_caller
from omero_desk.server.access.permissions import GROUP, READ, USER, WORLD, is_granted, parse
from omero_desk.server.access.security import visible
from omero_desk.server.database.indexes import LISTED_BY_NAME
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import root_of
from omero_desk.server.database.store import Store

EVENTS = {"creation_id": 0, "update_id": 0}
PERMISSIONS = ["rw----", "rwr---", "rwra--", "rwrw--", "rwr-r-", "r-----", "------"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("security"))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Row:
    id: int
    owner_id: int
    group_id: int


Library = tuple[list[str], list[tuple[int, int, bool]], list[int], list[tuple[int, int]]]
"""Permissions of groups; (group, user, is leader) memberships; administrators; (owner, group) rows."""


class UndoneError(Exception):
    """Ends a transaction of which nothing shall stay."""


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    groups = draw(st.lists(st.sampled_from(PERMISSIONS), min_size=1, max_size=4))
    group, user = st.integers(0, len(groups) - 1), st.integers(0, 2)
    members = draw(st.lists(st.tuples(group, user, st.booleans()), unique_by=lambda m: m[:2], max_size=8))
    administrators = draw(st.lists(user, unique=True, max_size=1))
    rows = draw(st.lists(st.tuples(user, st.integers(-2, len(groups) - 1)), min_size=1, max_size=12))
    return groups, members, administrators, rows


def may_see(caller: Caller, context: int, row: Row, permissions: dict[int, int], class_name: str) -> bool:
    """The rule, as OMERO's documentation of its group permissions has it."""
    is_own = row.owner_id == caller.user_id
    bits = permissions[row.group_id]
    if context == ALL_GROUPS:
        return (
            caller.is_admin
            or row.group_id in caller.leader_of
            or (is_own and is_granted(bits, USER, READ))
            or (row.group_id in caller.member_of and is_granted(bits, GROUP, READ))
            or is_granted(bits, WORLD, READ)
        )
    if row.group_id == 1 and class_name not in LISTED_BY_NAME:
        return True
    is_shared = is_granted(bits, GROUP, READ) or is_granted(bits, WORLD, READ)
    return row.group_id == context and (is_own or is_shared or caller.is_admin or context in caller.leader_of)


@settings(max_examples=60, deadline=None)
@given(libraries())
@pytest.mark.parametrize("class_name", ["Image", "OriginalFile"])
def test_that_the_predicate_lets_through_what_the_rule_does(store: Store, class_name: str, library: Library) -> None:
    with pytest.raises(UndoneError), store.write() as connection:
        callers, permissions, rows = fill(store, connection, class_name, library)
        table = store.schema.table(class_name).alias("i")
        for caller in callers:
            for context in (ALL_GROUPS, *permissions):
                found = connection.scalars(sa.select(table.c.id).where(visible(table, caller, context)))
                expected = {row.id for row in rows if may_see(caller, context, row, permissions, class_name)}
                assert set(found) == expected, (caller, context)
        raise UndoneError


def fill(
    store: Store,
    connection: Connection,
    class_name: str,
    library: Library,
) -> tuple[list[Caller], dict[int, int], list[Row]]:
    schema = store.schema
    texts, members, administrators, owned = library
    groups = [create_group(schema, connection, f"group {n}", text) for n, text in enumerate(texts)]
    users = [
        create_user(schema, connection, f"user {n}", first_name="U", last_name=str(n), groups=[]) for n in range(3)
    ]
    for group, user, is_leader in members:
        add_member(schema, connection, groups[group], users[user], is_leader=is_leader)
    for user in administrators:
        add_member(schema, connection, 0, users[user])
    where = [*groups, 0, 1]  # -2 is the system group, -1 the user group
    extra = {"name": "i", "path": "p", **EVENTS} if class_name == "OriginalFile" else {"name": "i", **EVENTS}
    rows_of_class: list[dict[str, Any]] = [
        {**extra, "owner_id": users[user], "group_id": where[group]} for user, group in owned
    ]
    ids = insert_rows(schema, connection, class_name, rows_of_class)
    rows = [Row(i, row["owner_id"], row["group_id"]) for i, row in zip(ids, rows_of_class, strict=True)]
    permissions = {0: parse("rw----"), 1: parse("rwr-r-")}
    permissions |= {group: parse(text) for group, text in zip(groups, texts, strict=True)}
    return [load_caller(connection, user) for user in users], permissions, rows


@dataclass(frozen=True)
class Lab:
    store: Store
    group: int
    other: int
    ann: Caller
    bob: Caller
    root: Caller


@pytest.fixture(scope="module")
def lab(store: Store) -> Lab:
    schema = store.schema
    with store.write() as connection:
        group = create_group(schema, connection, "lab", "rw----")
        other = create_group(schema, connection, "other lab", "rw----")
        ann = create_user(schema, connection, "ann", first_name="A", last_name="N", groups=[group])
        bob = create_user(schema, connection, "bob", first_name="B", last_name="B", groups=[other])
    with store.read() as connection:
        people = [load_caller(connection, user) for user in (ann, bob, 0)]
    return Lab(store, group, other, *people)


def test_that_a_caller_starts_in_the_first_group_that_is_not_everybodys(lab: Lab) -> None:
    assert (lab.ann.group_id, lab.ann.group_name) == (lab.group, "lab")
    assert lab.ann.member_of == (lab.group, 1)
    assert not lab.ann.is_admin
    assert lab.root.is_admin
    assert lab.root.group_name == "system"


def test_that_a_group_of_others_cannot_be_entered(lab: Lab) -> None:
    with lab.store.read() as connection:
        with pytest.raises(omero.SecurityViolation, match="not a member of group"):
            enter_group(connection, lab.ann, lab.other)
        with pytest.raises(omero.SecurityViolation, match="no group 999"):
            enter_group(connection, lab.ann, 999)
        with pytest.raises(omero.SecurityViolation, match="no user 999"):
            load_caller(connection, 999)
        assert enter_group(connection, lab.root, lab.other).group_id == lab.other
        assert enter_group(connection, lab.ann, -1).group_id == ALL_GROUPS


def test_that_people_and_enumerations_are_visible_to_all(lab: Lab) -> None:
    for name in ("Experimenter", "ExperimenterGroup", "PixelsType", "Event", "GroupExperimenterMap"):
        assert str(visible(lab.store.schema.table(name), lab.ann)) == str(sa.true())


def test_that_sessions_are_their_owners_and_nodes_the_administrators(lab: Lab) -> None:
    schema = lab.store.schema
    session, node = schema.table("Session").alias(), schema.table("Node")
    with lab.store.read() as connection:
        count = sa.select(sa.func.count())
        assert connection.scalar(count.select_from(session).where(visible(session, lab.root))) == 1
        assert connection.scalar(count.select_from(session).where(visible(session, lab.ann))) == 0
        assert connection.scalar(count.select_from(node).where(visible(node, lab.root))) == 1
        assert connection.scalar(count.select_from(node).where(visible(node, lab.ann))) == 0


def test_that_the_class_of_a_table_is_known_through_aliases(lab: Lab) -> None:
    table = lab.store.schema.table("TagAnnotation")
    assert root_of(table).name == root_of(table.alias().alias()).name == "Annotation"
