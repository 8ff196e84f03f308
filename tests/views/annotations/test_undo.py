"""What was changed in the library is taken back once, whichever way it is asked for, and however often it takes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction

from omero_desk.entities.connection_states import State
from omero_desk.models.annotations.pending import EditState
from tests.support.editing_desk import Lab
from tests.support.inspecting import Inspector
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


def undo_of(inspector: Inspector) -> QAction:
    return inspector.desk.bench.command("library-undo")


async def test_that_the_button_of_a_toast_does_nothing_once_the_change_was_taken_back(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("first")
    await inspector.type_tag("second")
    (button,) = inspector.desk.bench.messages.toasts[-1].message.actions
    await inspector.undo()
    assert inspector.tags == ["first"]
    button.run()
    assert not inspector.desk.edits.pending
    await inspector.settled()
    assert inspector.tags == ["first"]
    assert inspector.desk.bench.messages.current is None
    assert len(inspector.desk.bench.messages.toasts) == 1, "that of the other tag: of this one there is nothing to undo"
    inspector.desk.bench.command("library-redo").trigger()
    button.run()
    await inspector.settled()
    assert inspector.tags == ["first", "second"]


async def test_that_the_button_of_a_toast_takes_its_own_change_back(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("first")
    (button,) = inspector.desk.bench.messages.toasts[-1].message.actions
    await inspector.type_tag("second")
    button.run()
    await inspector.settled()
    assert inspector.tags == ["second"]


async def test_that_an_undo_that_was_discarded_can_be_made_again(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("to go")
    inspector.desk.edits.follow(State.OFFLINE)
    undo_of(inspector).trigger()
    (back,) = inspector.desk.edits.pending
    assert not undo_of(inspector).isEnabled(), "it is on its way"
    inspector.desk.edits.discard(back.id)
    assert undo_of(inspector).isEnabled()
    undo_of(inspector).trigger()
    inspector.desk.edits.follow(State.ONLINE)
    await inspector.settled()
    assert inspector.tags == []
    assert not undo_of(inspector).isEnabled()


async def test_that_an_undo_that_was_refused_can_be_made_again(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("to go")
    lab.fail("submit=ApiUsageException*9")
    undo_of(inspector).trigger()
    await until(lambda: [edit.state for edit in inspector.desk.edits.pending] == [EditState.GIVEN_BACK])
    assert inspector.tags == ["to go"]
    assert undo_of(inspector).isEnabled()
    lab.fail("")
    undo_of(inspector).trigger()
    await inspector.settled()
    assert inspector.tags == []
    assert len(inspector.history.changes) == 1
    await inspector.redo()
    assert inspector.tags == ["to go"]
    assert inspector.history.to_undo == inspector.history.changes[0]
