"""Names of any sort in words that do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.objects import Account, Entity, Group, Kind, Permissions, Person, Ref
from omero_desk.models import labels
from tests.support.fake_library import entity

ADA = Person(2, "ada", "Ada Lovelace")
LAB = Group(3, "Lab <1>", "rwr---")
ACCOUNT = Account("localhost", ADA, LAB, "", groups=(LAB,), people={2: ADA})


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_that_any_name_shows_on_one_line_and_can_be_shown_by_qt(name: str) -> None:
    shown = labels.name(entity(Kind.IMAGE, 1, name))
    assert shown
    assert len(shown.splitlines()) == 1
    shown.encode("utf-8")


@given(st.text(max_size=50))
def test_that_no_name_becomes_markup(name: str) -> None:
    tooltip = labels.tooltip(entity(Kind.IMAGE, 1, f"<img src=x>{name}"), None)
    assert "<img" not in tooltip


def test_that_a_tooltip_tells_id_owner_group_and_dates() -> None:
    image = Entity(Ref(Kind.IMAGE, 7), "Cell", "cell", None, 4, 2, 3, created=0, acquired=86_400_000)
    tooltip = labels.tooltip(image, ACCOUNT)
    for part in ("<b>Cell</b>", "Image ID: 7", "Owner: Ada Lovelace", "Group: Lab &lt;1&gt;", "Annotations: 4"):
        assert part in tooltip
    assert re.search(r"Imported: (31 Dec 1969|1 Jan 1970), \d\d:\d\d", tooltip)  # in local time
    assert re.search(r"Acquired: [12] Jan 1970, \d\d:\d\d", tooltip)


def test_that_people_and_groups_nobody_knows_show_as_their_ids() -> None:
    stranger = Entity(Ref(Kind.DATASET, 1), "x", "x", 0, 0, 99, 98, permissions=Permissions())
    assert "Owner: 99" in labels.tooltip(stranger, ACCOUNT)
    assert "Group: 98" in labels.tooltip(stranger, None)


@pytest.mark.parametrize(("children", "shown"), [(None, ""), (-1, ""), (0, "(0)"), (12, "(12)"), (10_000, "(10,000)")])
def test_that_children_show_where_they_were_counted(children: int | None, shown: str) -> None:
    assert labels.count(children) == shown


def test_that_the_nameless_are_called_by_class_and_id() -> None:
    assert labels.name(entity(Kind.RUN, 5, " \n")) == "Run 5"
