"""Comments, tags and names from the first click to the row that shows them: real widgets, a real server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTreeWidget

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import AnnotationCounts, Ref
from omero_desk.models.annotations.pending import EditState
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.sheet.columns import NAME, why_not
from omero_desk.models.tree.node_model import Column
from omero_desk.views.annotations.edit_dialogs import TextDialog
from omero_desk.views.window.leaving import LeaveDialog
from tests.faults.proxy import Fault
from tests.support.accessibility import nameless
from tests.support.editing_desk import EDITS, Desk, Lab
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


async def test_that_a_comment_and_a_tag_are_counted_in_the_tree_once_they_are_saved(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    assert desk.menu() == dict.fromkeys(EDITS, True)
    dialog = await desk.dialog("comment")
    assert nameless(dialog) == []
    assert not dialog.button.isEnabled()
    QTest.keyClicks(present(dialog.findChild(QPlainTextEdit)), "Look here")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    dialog = await desk.dialog("tag")
    QTest.keyClicks(present(dialog.findChild(QLineEdit)), "mitosis")
    QTest.keyClick(present(dialog.findChild(QLineEdit)), Qt.Key.Key_Return)
    await desk.saved()
    await until(lambda: desk.index(lab.images[0]).siblingAtColumn(Column.ANNOTATIONS).data() == "2")
    assert desk.editing.button.isHidden()


async def test_that_several_objects_are_tagged_by_one_edit(desk: Desk, lab: Lab) -> None:
    desk.select(*lab.images)
    assert desk.menu() == {"Add comment…": True, "Add tag…": True, "Rename…": False}
    dialog = await desk.dialog("tag")
    QTest.keyClicks(present(dialog.findChild(QLineEdit)), "control")
    dialog.button.click()
    assert [edit.edit.refs for edit in desk.edits.pending] == [tuple(lab.images)]
    await desk.saved()

    def numbers() -> list[str]:
        return [desk.index(ref).siblingAtColumn(Column.ANNOTATIONS).data() for ref in lab.images]

    await until(lambda: numbers() == ["1"] * 3)


async def test_that_f2_renames_and_the_row_moves_to_its_place(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    QTest.keyClick(desk.view, Qt.Key.Key_F2)
    await until(lambda: isinstance(QApplication.activeModalWidget(), TextDialog))
    edit = present(present(QApplication.activeModalWidget()).findChild(QLineEdit))
    assert edit.selectedText() == "One"
    QTest.keyClicks(edit, "Z last")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    await desk.saved()
    assert desk.index(lab.images[0]).data() == "Z last.tif"
    assert desk.index(lab.images[0]).row() > desk.index(lab.images[1]).row()
    await until(lambda: "Z last.tif" in desk.details())


async def test_that_what_the_user_may_not_change_is_not_offered(desk: Desk, lab: Lab) -> None:
    desk.select(lab.foreign)
    assert desk.menu() == dict.fromkeys(EDITS, False)
    desk.select(lab.images[0], lab.foreign)
    assert desk.menu() == dict.fromkeys(EDITS, False)


async def test_that_an_edit_typed_while_the_server_is_away_is_shown_and_sent_when_it_is_back(
    desk: Desk, lab: Lab
) -> None:
    lab.proxy.arm(Fault.REFUSE)
    desk.select(lab.images[1])
    dialog = await desk.dialog("comment")
    QTest.keyClicks(present(dialog.findChild(QPlainTextEdit)), "typed in the train")
    dialog.button.click()
    await until(lambda: not desk.edits.online)
    assert desk.editing.button.text() == "1 edit to be saved"
    waiting = "Comment “typed in the train” – Waiting for the connection"  # noqa: RUF001 - a dash
    await until(lambda: waiting in desk.details())
    desk.editing.button.click()
    assert desk.editing.panel.isVisible()
    row = present(present(desk.editing.panel.findChild(QTreeWidget)).topLevelItem(0))
    assert [row.text(column) for column in range(3)] == [
        "Comment on Two.tif",
        "typed in the train",
        "Waiting for the connection",
    ]
    assert nameless(desk.editing.panel) == []
    lab.proxy.heal()
    await desk.saved()
    await until(lambda: desk.index(lab.images[1]).siblingAtColumn(Column.ANNOTATIONS).data() == "1")
    assert present(desk.editing.panel.findChild(QTreeWidget)).topLevelItemCount() == 0
    assert "typed in the train" not in desk.details()


async def test_that_what_is_given_back_can_be_copied_tried_again_and_discarded(desk: Desk, lab: Lab) -> None:
    entity = desk.bench.tree.entity(desk.index(lab.foreign))
    assert entity is not None
    desk.edits.comment([entity], "may not")
    await until(lambda: desk.edits.pending[0].state is EditState.GIVEN_BACK)
    assert "not allowed" in present(desk.bench.messages.current).text
    assert present(desk.bench.messages.current).text.startswith("Comment on Zebra.tif was not saved.")
    present(desk.bench.messages.current).actions[0].run()
    buttons = {one.text().replace("&", ""): one for one in desk.editing.panel.findChildren(QPushButton)}
    buttons["Copy text"].click()
    assert QGuiApplication.clipboard().text() == "may not"
    buttons["Try again"].click()
    assert desk.edits.pending[0].state is not EditState.GIVEN_BACK
    message = desk.bench.messages.current
    assert message is None
    await until(lambda: desk.edits.pending[0].state is EditState.GIVEN_BACK)
    message = desk.bench.messages.current
    assert message is not None
    buttons["Discard"].click()
    assert desk.edits.pending == ()
    assert desk.bench.messages.current is None
    assert not any(buttons[name].isEnabled() for name in ("Copy text", "Try again", "Discard"))


async def test_that_the_list_shows_the_order_in_which_edits_will_be_sent(desk: Desk, lab: Lab) -> None:
    entity = desk.bench.tree.entity(desk.index(lab.foreign))
    assert entity is not None
    for text in ("one", "two", "three"):
        desk.edits.comment([entity], text)
    await until(lambda: all(edit.state is EditState.GIVEN_BACK for edit in desk.edits.pending))
    desk.editing.page.open()
    shown = present(desk.editing.panel.findChild(QTreeWidget))

    def texts() -> list[str]:
        return [present(shown.topLevelItem(row)).text(1) for row in range(shown.topLevelItemCount())]

    assert texts() == ["one", "two", "three"]
    desk.edits.follow(State.OFFLINE)
    desk.edits.retry(desk.edits.pending[0].id)
    assert texts() == ["two", "three", "one"]
    assert present(shown.topLevelItem(2)).text(2) == "Waiting for the connection"
    desk.edits.discard(desk.edits.pending[1].id)
    assert texts() == ["two", "one"]


async def test_that_the_window_asks_before_it_goes_with_edits_that_were_not_sent(desk: Desk, lab: Lab) -> None:
    closed: list[bool] = []
    desk.window.closed.connect(lambda: closed.append(True))
    entities = [desk.bench.tree.entity(desk.index(ref)) for ref in lab.images[:2]]
    lab.proxy.arm(Fault.REFUSE)
    desk.edits.comment([entity for entity in entities if entity], "unsent")
    desk.window.close()
    question = present(desk.window.findChild(LeaveDialog))
    assert "2 edits are not saved" in question.text
    question.stay.click()
    assert (desk.window.isVisible(), len(desk.edits.pending), closed) == (True, 2, [])
    await until(lambda: desk.window.findChild(LeaveDialog) is None)
    desk.window.close()
    present(desk.window.findChild(LeaveDialog)).discard.click()
    assert (desk.window.isVisible(), desk.edits.pending, closed) == (False, (), [True])


async def test_that_the_window_goes_by_itself_when_what_it_asks_about_is_sent(desk: Desk, lab: Lab) -> None:
    desk.edits.comment([present(desk.bench.tree.entity(desk.index(lab.images[0])))], "just in time")
    desk.window.close()
    assert desk.window.isVisible()
    await until(lambda: not desk.window.isVisible())
    assert desk.edits.pending == ()


async def test_that_a_program_told_to_end_asks_nobody(desk: Desk, lab: Lab) -> None:
    desk.edits.comment([present(desk.bench.tree.entity(desk.index(lab.images[0])))], "lost")
    desk.window.leave()
    assert not desk.window.isVisible()


async def test_that_nobody_sends_anothers_edits(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    dialog = await desk.dialog("comment")
    QTest.keyClicks(present(dialog.findChild(QPlainTextEdit)), "Ada's words")
    await desk.sign_in("ben")
    dialog.button.click()
    await until(lambda: desk.edits.pending and desk.edits.pending[0].state is EditState.GIVEN_BACK)
    assert "written by ada" in present(desk.bench.messages.current).text
    assert desk.edits.pending[0].text == "Ada's words"


async def test_that_tab_goes_from_a_comment_to_the_button_that_adds_it(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    dialog = await desk.dialog("comment")
    edit = present(dialog.findChild(QPlainTextEdit))
    QTest.keyClicks(edit, "Look here")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.button
    assert dialog.button.isDefault()
    QTest.keyClick(dialog.button, Qt.Key.Key_Tab)
    assert present(dialog.focusWidget()).text().replace("&", "") == "Cancel"  # type: ignore[attr-defined]
    dialog.accept()


async def test_that_a_comment_left_with_escape_is_a_draft_for_the_same_object(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    dialog = await desk.dialog("comment")
    assert any("kept as a draft" in label.text() for label in dialog.findChildren(QLabel))
    QTest.keyClicks(present(dialog.findChild(QPlainTextEdit)), "half a thou")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.select(lab.images[1])
    other = await desk.dialog("comment")
    assert other.text == ""
    other.reject()
    desk.select(lab.images[0])
    again = await desk.dialog("comment")
    assert again.text == "half a thou"
    assert any("your draft" in label.text() for label in again.findChildren(QLabel))
    QTest.keyClicks(present(again.findChild(QPlainTextEdit)), "ght")
    again.button.click()
    await desk.saved()
    assert (await desk.dialog("comment")).text == ""
    present(QApplication.activeModalWidget()).close()


async def test_that_the_window_asks_before_another_user_comes_in_place_of_edits_that_were_not_sent(
    desk: Desk, lab: Lab
) -> None:
    desk.edits.follow(State.SIGN_IN_NEEDED)
    desk.edits.comment([present(desk.bench.tree.entity(desk.index(lab.images[0])))], "Ada's words")
    form = SignInForm(f"{lab.proxy.host}:{lab.proxy.port}", "ben", "ben")
    desk.bench.connection.sign_in(form)
    question = present(desk.window.findChild(LeaveDialog))
    assert "1 edit is not saved" in question.text
    assert not desk.bench.connection.busy
    question.stay.click()
    assert [edit.text for edit in desk.edits.pending] == ["Ada's words"]
    await until(lambda: desk.window.findChild(LeaveDialog) is None)
    desk.bench.connection.sign_in(replace(form, password="wrong"))
    failed: list[object] = []
    desk.bench.connection.failed.connect(failed.append)
    present(desk.window.findChild(LeaveDialog)).discard.click()
    await until(lambda: failed)
    assert [edit.text for edit in desk.edits.pending] == ["Ada's words"]  # a sign-in that fails loses nothing
    await until(lambda: desk.window.findChild(LeaveDialog) is None)
    desk.bench.connection.sign_in(form)
    present(desk.window.findChild(LeaveDialog)).discard.click()
    await until(lambda: desk.bench.connection.account and desk.bench.connection.account.user.user == "ben")
    assert desk.edits.pending == ()


async def test_that_the_same_user_comes_back_without_a_question_and_the_edits_go_out(desk: Desk, lab: Lab) -> None:
    desk.edits.follow(State.SIGN_IN_NEEDED)
    desk.edits.comment([present(desk.bench.tree.entity(desk.index(lab.images[0])))], "Ada's words")
    desk.bench.connection.sign_in(SignInForm(f"{lab.proxy.host}:{lab.proxy.port}", "ada", "ada"))
    assert desk.window.findChild(LeaveDialog) is None
    await until(lambda: not desk.edits.pending)


async def test_that_annotations_are_counted_once_for_all_edits_that_follow_each_other(desk: Desk, lab: Lab) -> None:
    counted: list[dict[Ref, AnnotationCounts]] = []
    desk.bench.models.counts.counted.connect(counted.append)
    entities = [present(desk.bench.tree.entity(desk.index(ref))) for ref in lab.images]
    desk.edits.comment(entities, "each of them")
    assert len(desk.edits.pending) == len(lab.images)
    await until(lambda: counted)
    assert [set(one) for one in counted] == [set(lab.images)]
    assert all(one.comments == 1 for one in counted[0].values())
    assert not desk.edits.pending


async def test_that_a_name_of_which_only_the_beginning_is_known_is_not_cut_by_a_rename(desk: Desk, lab: Lab) -> None:
    whole = "n" * 1500
    desk.edits.rename(present(desk.bench.tree.entity(desk.index(lab.images[0]))), whole)
    await desk.saved()
    desk.bench.browser.refresh_all()
    await desk.bench.tree.finished()
    desk.select(lab.images[0])
    entity = present(desk.bench.tree.entity(desk.index(lab.images[0])))
    assert (len(entity.name), entity.is_name_whole) == (1000, False)
    command = desk.bench.command("rename")
    assert not command.isEnabled()
    assert "Only the beginning" in command.toolTip()
    assert "Only the beginning" in why_not(NAME, entity, None)
    rows = present(lab.admin).rows(f"select i.name from Image i where i.id = {lab.images[0].id}")
    assert rows == [[whole]]
