"""The cards of one object's key-value pairs while an edit of many objects is on its way."""

from __future__ import annotations

from omero_desk.entities.annotations import OWN_PAIRS, Annotation
from omero_desk.entities.edits import Author, SetManyPairs
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.annotations.pairs import cards
from omero_desk.models.annotations.pending import PendingEdit

ONE, TWO, OTHER = (Ref(Kind.IMAGE, number) for number in (1, 2, 3))
WAS = (("dose", "1"),)
EDIT = SetManyPairs((ONE, TWO), (7, None), ((("dose", "2"),), (("dose", "3"),)), (WAS, ()))


def test_that_an_object_shows_its_own_part_of_an_edit_of_many() -> None:
    pending = PendingEdit(1, EDIT, "2 images", Author("here", 4, "ada"), None)
    known = Annotation(7, "Map", WAS, OWN_PAIRS, owner_id=4)
    assert [card.pairs for card in cards([known], [pending], 4, ONE)] == [(("dose", "2"),)]
    (new,) = cards([], [pending], 4, TWO)
    assert (new.pairs, new.pending) == ((("dose", "3"),), pending)
    assert cards([], [pending], 4, OTHER) == []
