"""The panel of pending edits: every kind of edit that there is, in words and with a picture."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from PySide6.QtWidgets import QTreeWidget

from omero_desk.entities import edits as kinds
from omero_desk.entities.annotations import Type
from omero_desk.entities.connection_states import State
from omero_desk.entities.edits import Edit
from omero_desk.models.annotations.pending import excerpt_of
from tests.support.editing_desk import Desk, Lab
from tests.support.present import present

pytestmark = pytest.mark.asyncio


def every_kind(lab: Lab) -> list[Edit]:
    """One edit of each class that derives from `OfOne` and `OfMany`, however deep; a new one has to be added here."""
    one, many = lab.images[0], tuple(lab.images)
    samples: dict[str, Edit] = {
        "AddComment": kinds.AddComment(one, "words"),
        "AddTag": kinds.AddTag(many, "words"),
        "PutAnnotation": kinds.PutAnnotation(many, Type.TAG, 1, "words"),
        "TakeOff": kinds.TakeOff(many, Type.FILE, 1, "words"),
        "SetPairs": kinds.SetPairs(one, None, (("words", "1"),)),
        "SetManyPairs": kinds.SetManyPairs(
            many, (None,) * len(many), ((("words", "1"),),) * len(many), ((),) * len(many)
        ),
        "SetRating": kinds.SetRating(many, 4),
        "Rename": kinds.Rename(one, "words"),
        "Describe": kinds.Describe(one, "words"),
        "EditAnnotation": kinds.EditAnnotation(one, Type.COMMENT, 1, "words", "was"),
        "DeleteAnnotation": kinds.DeleteAnnotation(one, Type.TAG, 1, "words"),
        "MoveTag": kinds.MoveTag(one, 1, "words", (2,)),
        "NameChannels": kinds.NameChannels(many, ("words", "GFP")),
        "AttachFile": kinds.AttachFile(many, "/nowhere/words.txt", "words.txt"),
    }
    return [samples[name] for name in sorted({*derived(kinds.OfOne), *derived(kinds.OfMany)})]


def derived(base: type[Any]) -> list[str]:
    """Return the names of the classes that derive from one, and have no class below them."""
    below = base.__subclasses__()
    return [name for kind in below for name in (derived(kind) or [kind.__name__])]


async def test_that_every_kind_of_edit_is_listed_with_an_icon_and_words(desk: Desk, lab: Lab) -> None:
    edits = every_kind(lab)
    assert {type(edit) for edit in edits} == set(get_args(kinds.Edit))
    every_type = [*(kinds.TakeOff(tuple(lab.images), kind, 1, "words") for kind in ("Map", "Comment", "Long", "Xml"))]
    desk.edits.follow(State.OFFLINE)
    desk.edits.submit([(edit, "One.tif") for edit in (*edits, *every_type)])
    desk.editing.page.open()
    shown = present(desk.editing.panel.findChild(QTreeWidget))
    assert shown.topLevelItemCount() == len(edits) + len(every_type)
    titles = set()
    for row, pending in enumerate(desk.edits.pending):
        item = present(shown.topLevelItem(row))
        title, text, state = (item.text(column) for column in range(3))
        assert not item.icon(0).isNull(), title
        assert not item.icon(0).pixmap(16, 16).toImage().isNull()
        assert title == pending.title
        assert "{" not in title + excerpt_of(pending, 20, online=True)
        assert text == pending.text != ""
        assert state == "Waiting for the connection"
        titles.add(title)
    assert len(titles) == len(edits) - 1, "annotations that are taken off are told alike, and pairs of one and of many"
    desk.edits.discard_all()
