"""Groups, users, memberships and passwords."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from omero_desk.server.access.accounts import (
    add_member,
    create_group,
    create_user,
    find_user,
    remove_member,
    set_default_group,
)
from omero_desk.server.access.caller import load_caller
from omero_desk.server.database.passwords import check_password, hash_password, matches, set_password
from omero_desk.server.database.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("accounts"), root_password="secret")
    yield opened
    opened.close()


def new_user(store: Store, name: str, groups: list[int], password: str | None = None) -> int:
    with store.write() as connection:
        return create_user(
            store.schema, connection, name, first_name="F", last_name="L", groups=groups, password=password
        )


def new_group(store: Store, name: str) -> int:
    with store.write() as connection:
        return create_group(store.schema, connection, name, "rwr---")


def test_that_a_new_user_is_in_the_groups_asked_for_and_in_everybodys(store: Store) -> None:
    first, second = new_group(store, "first"), new_group(store, "second")
    user = new_user(store, "ann", [first, second])
    with store.read() as connection:
        caller = load_caller(connection, user)
        assert find_user(store.schema, connection, "ann") == user
        assert find_user(store.schema, connection, "Ann") is None
    assert caller.member_of == (first, second, 1)
    assert caller.group_id == first
    assert caller.leader_of == frozenset()


def test_that_memberships_change(store: Store) -> None:
    group, other = new_group(store, "changing"), new_group(store, "other")
    user = new_user(store, "member", [group, other])
    with store.write() as connection:
        add_member(store.schema, connection, group, user, is_leader=True)
        set_default_group(store.schema, connection, user, other)
    with store.read() as connection:
        caller = load_caller(connection, user)
    assert (caller.group_id, caller.leader_of) == (other, frozenset({group}))
    with store.write() as connection:
        remove_member(store.schema, connection, other, user)
        remove_member(store.schema, connection, other, user)
    with store.read() as connection:
        assert load_caller(connection, user).member_of == (group, 1)


def test_that_the_default_group_is_one_of_the_users_own(store: Store) -> None:
    user, group = new_user(store, "lonely", []), new_group(store, "far")
    with pytest.raises(KeyError), store.write() as connection:
        set_default_group(store.schema, connection, user, group)


def test_that_names_are_taken_once(store: Store) -> None:
    new_user(store, "taken", [])
    with pytest.raises(IntegrityError):
        new_user(store, "taken", [])
    new_group(store, "taken")
    with pytest.raises(IntegrityError):
        new_group(store, "taken")


def test_that_a_user_signs_in_with_the_password_and_no_other(store: Store) -> None:
    user = new_user(store, "careful", [], password="pässwörd 🔑")
    with store.read() as connection:
        assert check_password(connection, user, "pässwörd 🔑")
        for wrong in ("", "pässwörd", "passwörd 🔑", "\ud800", "x" * 10_000):
            assert not check_password(connection, user, wrong)
        assert check_password(connection, 0, "secret")


@pytest.mark.alone
def test_that_a_password_that_was_found_right_before_is_checked_quickly_and_a_wrong_one_is_not(store: Store) -> None:
    user = new_user(store, "frequent", [], password="again")
    with store.read() as connection:
        assert check_password(connection, user, "again")
        begun = time.process_time()
        assert all(check_password(connection, user, "again") for _ in range(10))
        right, begun = time.process_time() - begun, time.process_time()
        assert not any(check_password(connection, user, "wrong") for _ in range(10))
        assert right * 5 < time.process_time() - begun


def test_that_nobody_signs_in_without_a_password(store: Store) -> None:
    user = new_user(store, "passwordless", [])
    with store.read() as connection:
        for nobody in (user, 1, 999, None):
            assert not check_password(connection, nobody, "")


def test_that_a_changed_password_replaces_the_old_one(store: Store) -> None:
    user = new_user(store, "changer", [], password="old")
    with store.read() as connection:
        assert check_password(connection, user, "old")
    with store.write() as connection:
        set_password(connection, user, "new")
    with store.read() as connection:
        assert check_password(connection, user, "new")
        assert check_password(connection, user, "new")
        assert not check_password(connection, user, "old")


@settings(max_examples=10, deadline=None)
@given(st.text())
def test_that_a_hash_tells_nothing_and_is_never_the_same(password: str) -> None:
    first, second = hash_password(password), hash_password(password)
    assert first != second
    assert matches(first, password)
    assert not matches(first, password + "x")


def test_that_no_password_is_kept_as_it_is(store: Store) -> None:
    new_user(store, "hidden", [], password="plain-as-day")
    with store.read() as connection:
        hashes = connection.scalars(sa.text("SELECT hash FROM password")).all()
    assert all(each.startswith("scrypt$") for each in hashes)
    assert not any("plain-as-day" in each for each in hashes)


def test_that_many_sign_ins_at_once_share_the_memory_of_two() -> None:
    with ThreadPoolExecutor(8) as people:
        hashes = list(people.map(hash_password, [f"secret {n}" for n in range(8)]))
    assert all(matches(hashed, f"secret {n}") for n, hashed in enumerate(hashes))
    assert 1 <= sum(thread.name.startswith("password") for thread in threading.enumerate()) <= 2
