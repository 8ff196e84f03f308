"""What the flags of an object's permissions say, by group, owner and role."""

from __future__ import annotations

import omero.model
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.access.caller import ALL_GROUPS, Caller
from omero_desk.server.access.permissions import bits, is_granted, parse, to_text
from omero_desk.server.access.privileges import ALL_PRIVILEGES
from omero_desk.server.access.rights import Flags, Rights, to_ice
from omero_desk.server.database.model import load_model

LAB, OTHER = 3, 4
ME, COLLEAGUE = 2, 5
MODEL = load_model()


def rights(permissions: str, role: str, context: int = LAB) -> Rights:
    """The rights of a member, leader, stranger or administrator, or of the guest."""
    known = {0: parse("rw----"), 1: parse("rwr-r-"), LAB: parse(permissions), OTHER: parse("rw----")}
    caller = Caller(
        user_id=1 if role == "guest" else ME,
        user_name="me",
        group_id=context,
        group_name="lab",
        is_admin=role == "admin",
        privileges=ALL_PRIVILEGES if role == "admin" else frozenset(),
        member_of=(OTHER, 1) if role == "stranger" else (LAB, 1),
        leader_of=frozenset({LAB} if role == "leader" else ()),
        group_permissions=known.get(context, parse("------")),
    )
    return Rights(caller, known)


def letters(flags: Flags) -> str:
    """Link, edit, delete, annotate, change group, change owner."""
    given_flags = (
        flags.can_link,
        flags.can_edit,
        flags.can_delete,
        flags.can_annotate,
        flags.can_chgrp,
        flags.can_chown,
    )
    return "".join(letter for letter, is_set in zip("LEDAGO", given_flags, strict=True) if is_set)


@pytest.mark.parametrize(
    ("permissions", "role", "own", "others"),
    [
        ("rw----", "member", "LEDAG", ""),
        ("rwr---", "member", "LEDAG", ""),
        ("rwra--", "member", "LEDAG", "A"),
        ("rwrw--", "member", "LEDAG", "LEDA"),
        # In a private group a leader must not mix other people's data with own.
        ("rw----", "leader", "LEDAGO", "EDO"),
        ("rwr---", "leader", "LEDAGO", "LEDAO"),
        ("rwrw--", "leader", "LEDAGO", "LEDAO"),
        ("rw----", "admin", "LEDAGO", "EDGO"),
        ("rwr---", "admin", "LEDAGO", "LEDAGO"),
        ("rwrwrw", "stranger", "LEDAG", "LEDA"),
        ("rwrwra", "stranger", "LEDAG", "A"),
        ("rwrwr-", "stranger", "LEDAG", ""),
        ("r-r---", "member", "G", ""),
        ("rwrwrw", "guest", "", ""),
    ],
)
@pytest.mark.parametrize("context", [LAB, ALL_GROUPS])
def test_that_a_role_may_do_what_omero_lets_it(
    permissions: str, role: str, own: str, others: str, context: int
) -> None:
    found = rights(permissions, role, context)
    image = MODEL["Image"]
    if role != "guest":
        assert letters(found.flags(image, LAB, ME)) == own
    assert letters(found.flags(image, LAB, COLLEAGUE)) == others


@pytest.mark.parametrize(("role", "expected"), [("member", "LA"), ("leader", "LA"), ("admin", "LEDA")])
def test_that_only_administrators_change_people_and_enumerations(role: str, expected: str) -> None:
    for name in ("Experimenter", "ExperimenterGroup", "PixelsType", "Event"):
        assert letters(rights("rwrw--", role).flags(MODEL[name], None, None)) == expected


def test_that_all_may_link_to_what_is_in_the_users_group() -> None:
    found = rights("rwrw--", "member")
    file = MODEL["OriginalFile"]
    assert letters(found.flags(file, 1, COLLEAGUE)) == "LA"
    assert letters(found.flags(file, 1, ME)) == "LEDAG"
    assert letters(found.flags(file, 1, COLLEAGUE, is_directory=True)) == ""


def test_that_only_some_classes_change_group_or_owner() -> None:
    found = rights("rwrw--", "admin")
    assert letters(found.flags(MODEL["Channel"], LAB, ME)) == "LEDA"
    assert letters(found.flags(MODEL["TagAnnotation"], LAB, ME)) == "LEDAGO"
    assert letters(found.flags(MODEL["DatasetImageLink"], LAB, ME)) == "LEDAGO"
    assert letters(found.flags(MODEL["Reagent"], LAB, ME)) == "LEDAO"


def test_that_an_object_shows_the_permissions_of_the_group_of_the_call() -> None:
    in_lab = rights("rwra--", "member")
    assert to_text(in_lab.flags(MODEL["Image"], 1, ME).permissions) == "rwra--"
    everywhere = rights("rwra--", "member", ALL_GROUPS)
    assert to_text(everywhere.flags(MODEL["Image"], LAB, ME).permissions) == "rwra--"
    assert to_text(everywhere.flags(MODEL["Image"], OTHER, ME).permissions) == "rw----"


def test_that_a_group_shows_its_own_permissions() -> None:
    own = parse("rwrwr-")
    flags = rights("rw----", "member").flags(MODEL["ExperimenterGroup"], None, None, own)
    assert to_text(flags.permissions) == "rwrwr-"


def test_that_rows_alike_share_one_object_on_the_wire() -> None:
    found = rights("rwra--", "member")
    first, second = (found.permissions(found.flags(MODEL["Image"], LAB, COLLEAGUE)) for _ in range(2))
    other = found.permissions(found.flags(MODEL["Image"], LAB, ME))
    assert first is second
    assert other is not first


def test_that_the_wire_says_what_is_not_allowed() -> None:
    found = rights("rwra--", "member")
    theirs = to_ice(found.flags(MODEL["Image"], LAB, COLLEAGUE))
    assert theirs.canAnnotate()
    assert not (theirs.canEdit() or theirs.canDelete() or theirs.canLink() or theirs.canChgrp() or theirs.canChown())
    assert str(theirs) == "rwra--"
    own = to_ice(rights("rwra--", "leader").flags(MODEL["Image"], LAB, ME))
    assert own._restrictions is None
    assert own.canChown()


@given(st.from_regex("([r-][wa-]){3}", fullmatch=True))
def test_that_permissions_are_numbered_as_omero_numbers_them(text: str) -> None:
    client = omero.model.PermissionsI(text)
    assert parse(text) == client._perm1
    assert to_text(parse(text)) == text
    assert is_granted(parse(text), 8, 4) == client.isUserRead()
    assert is_granted(parse(text), 4, 2) == client.isGroupWrite()
    assert is_granted(parse(text), 0, 1) == client.isWorldAnnotate()
    assert bits(4, 8) == 1024


@pytest.mark.parametrize("text", ["", "rw", "rwrwrwrw", "wr----", "RW----", "rw---- "])
def test_that_other_text_is_no_permissions(text: str) -> None:
    with pytest.raises(ValueError, match="no permissions"):
        parse(text)
