"""The inspector at odd moments: between two selections, while something is sent, and when something has failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit

from omero_desk.entities.annotations import Annotation, Section
from omero_desk.models.annotations.pairs_table import KEY, VALUE
from omero_desk.models.annotations.pending import EditState
from omero_desk.views.annotations.comments_section import CommentRow
from omero_desk.views.annotations.section_body import ProblemLine
from tests.faults.proxy import Fault
from tests.support.editing_desk import Lab
from tests.support.inspecting import Inspector
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio
CONTROL = Qt.KeyboardModifier.ControlModifier


def click_star(inspector: Inspector, star: int) -> None:
    stars = inspector.panel.head.stars
    QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(2 + (star - 1) * 16 + 8, stars.height() // 2))


def contents(inspector: Inspector, section: Section) -> tuple[Annotation, ...]:
    return present(inspector.model.contents(section).annotations)


# Between two selections


async def test_that_what_is_done_right_after_the_selection_changed_is_done_to_what_is_still_shown(
    inspector: Inspector, lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, two, _three = lab.images
    path = tmp_path_factory.mktemp("files") / "note.txt"
    path.write_text("note")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    await inspector.look_at(one)
    panel = inspector.panel
    for identity in ("comments", "attachments"):
        inspector.open(identity)
    panel.tags.field.setFocus()
    await inspector.part.choices.finished()
    panel.comments.add()
    panel.comments.editor.field.setPlainText("of the first")
    await inspector.settled()

    inspector.desk.select(two)
    assert inspector.model.is_resting
    assert panel.head.title.text() == "One.tif"
    click_star(inspector, 4)
    panel.tags.field.setText("of the first")
    QTest.keyClick(panel.tags.field, Qt.Key.Key_Return)
    QTest.keyClick(panel.comments.editor.field, Qt.Key.Key_Return, CONTROL)
    panel.attachments.attach_button.click()
    assert inspector.model.is_resting
    assert {edit.edit.refs for edit in inspector.desk.edits.pending} == {(one,)}
    assert len(inspector.desk.edits.pending) == 4

    await until(lambda: inspector.model.refs == (two,))
    await inspector.settled()
    assert panel.head.title.text() == "Two.tif"
    assert (inspector.tags, panel.head.stars.stars) == ([], 0)
    assert [inspector.number(name) for name in ("comments", "attachments")] == ["0", "0"]
    await inspector.look_at(one)
    assert (inspector.tags, panel.head.stars.stars) == (["of the first"], 4)
    assert [inspector.number(name) for name in ("comments", "attachments")] == ["1", "1"]


async def test_that_a_key_right_after_the_selection_changed_is_about_what_is_selected(
    inspector: Inspector, lab: Lab
) -> None:
    one, two, _three = lab.images
    await inspector.look_at(one)
    inspector.desk.select(two)
    inspector.desk.bench.command("rate-3").trigger()
    inspector.desk.bench.command("key-value").trigger()
    assert inspector.model.refs == (two,)
    await until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    field = present(QApplication.focusWidget())
    QTest.keyClicks(field, "dose")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    field = present(QApplication.focusWidget())
    QTest.keyClicks(field, "5 nM")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    await inspector.settled()
    assert inspector.panel.head.stars.stars == 3
    assert inspector.panel.pairs.cards[0].table.pairs == (("dose", "5 nM"),)
    await inspector.look_at(one)
    assert (inspector.panel.head.stars.stars, inspector.number("key_values")) == (0, "0")


async def test_that_a_tag_that_waits_for_the_known_tags_is_added_to_what_was_shown_then(
    inspector: Inspector, lab: Lab
) -> None:
    one, two, _three = lab.images
    await inspector.look_at(one)
    field = inspector.panel.tags.field
    field.setText("of the first")
    lab.proxy.arm(Fault.HOLD)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not inspector.desk.edits.pending
    inspector.desk.select(two)
    await until(lambda: inspector.model.refs == (two,))
    lab.proxy.heal()
    await until(lambda: not field.text())
    await inspector.settled()
    assert inspector.tags == []
    await inspector.look_at(one)
    assert inspector.tags == ["of the first"]


async def test_that_a_value_that_is_being_typed_when_another_object_is_shown_is_of_the_first(
    inspector: Inspector, lab: Lab
) -> None:
    one, two, _three = lab.images
    for ref in (one, two):
        await inspector.look_at(ref)
        inspector.panel.pairs.add()
        table = inspector.panel.pairs.cards[0].table
        table.setData(table.index(0, KEY), "dose")
        table.setData(table.index(0, VALUE), "1")
        await inspector.settled()
    await inspector.look_at(one)
    view = inspector.panel.pairs.cards[0].view
    view.setCurrentIndex(view.model().index(0, VALUE))
    view.edit(view.currentIndex())
    field = present(view.findChild(QLineEdit))
    assert field.hasFocus()
    field.setText("2")
    await inspector.look_at(two)
    assert inspector.panel.pairs.cards[0].table.pairs == (("dose", "1"),)
    await inspector.look_at(one)
    assert inspector.panel.pairs.cards[0].table.pairs == (("dose", "2"),)


# Drafts


async def test_that_what_was_typed_and_not_saved_is_there_again_and_nobody_else_gets_to_see_it(
    inspector: Inspector, lab: Lab
) -> None:
    panel, one, two = inspector.panel, *lab.images[:2]
    inspector.open("comments")

    def begin() -> tuple[str, str]:
        panel.description.edit()
        panel.comments.add()
        return panel.description.editor.field.toPlainText(), panel.comments.editor.field.toPlainText()

    await inspector.look_at(one)
    assert begin() == ("", "")
    panel.description.editor.field.setPlainText("half a description")
    panel.comments.editor.field.setPlainText("half a comment")
    panel.tags.field.setText("half a tag")
    await inspector.look_at(two)
    assert not panel.description.editor.isVisibleTo(panel)
    assert not panel.comments.editor.isVisibleTo(panel)
    assert begin() == ("", "")
    await inspector.look_at(one)
    assert begin() == ("half a description", "half a comment")

    await inspector.desk.sign_in("cyd")
    await inspector.desk.show_everybody()
    assert panel.tags.field.text() == ""
    await inspector.look_at(one)
    assert begin() == ("", "")
    assert not inspector.desk.edits.pending
    panel.description.editor.field.setPlainText("Cyd's")
    await inspector.desk.sign_in("ada")
    await inspector.look_at(one)
    assert begin() == ("half a description", "half a comment")


async def test_that_news_of_the_same_object_do_not_end_what_is_being_typed(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.open("comments")
    await inspector.settled()
    comments = inspector.panel.comments
    comments.add()
    comments.editor.field.setPlainText("half a comment")
    inspector.part._selection.choose(list(inspector.part._selection.entities))
    inspector.model.refresh()
    await inspector.settled()
    assert comments.editor.isVisibleTo(inspector.panel)
    assert comments.editor.field.toPlainText() == "half a comment"


# While something is sent


async def test_that_a_pair_typed_while_the_first_is_being_sent_makes_no_second_annotation(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    lab.proxy.arm(Fault.HOLD)
    inspector.panel.pairs.add()
    type_pair(inspector, 0, "cell line", "HeLa")
    await until(lambda: inspector.desk.edits.pending[0].state is EditState.SENDING)
    type_pair(inspector, 1, "dose", "5 nM")
    assert len(inspector.desk.edits.pending) == 2
    lab.proxy.heal()
    await inspector.settled()
    (card,) = inspector.panel.pairs.cards
    assert card.table.pairs == (("cell line", "HeLa"), ("dose", "5 nM"))
    assert inspector.number("key_values") == "1"
    assert len(contents(inspector, Section.KEY_VALUES)) == 1


async def test_that_a_pair_typed_behind_one_that_is_refused_takes_it_along(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    lab.proxy.arm(Fault.HOLD)
    inspector.panel.pairs.add()
    type_pair(inspector, 0, "cell line", "HeLa")
    await until(lambda: inspector.desk.edits.pending[0].state is EditState.SENDING)
    type_pair(inspector, 1, "dose", "5 nM")
    lab.fail("saveAndReturnObject=ValidationException")
    lab.proxy.heal()
    await inspector.settled()
    (card,) = inspector.panel.pairs.cards
    assert card.table.pairs == (("cell line", "HeLa"), ("dose", "5 nM"))
    assert len(contents(inspector, Section.KEY_VALUES)) == 1


def type_pair(inspector: Inspector, row: int, key: str, value: str) -> None:
    table = inspector.panel.pairs.cards[0].table
    assert table.setData(table.index(row, KEY), key)
    assert table.setData(table.index(row, VALUE), value)


# When something has failed


async def test_that_a_section_that_could_not_be_read_says_so_and_is_read_when_it_is_tried_again(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.desk.bench.models.counts.finished()
    lab.fail("projection=InternalException*9")
    inspector.open("comments")
    await inspector.model.finished()
    comments = inspector.panel.comments
    assert inspector.model.contents(Section.COMMENTS).problem is not None
    problem = comments._problem
    assert problem.isVisibleTo(inspector.panel)
    assert problem.words.text()
    assert not comments._words.isVisibleTo(inspector.panel), "nobody knows whether there are any"
    lab.fail("")
    problem.again.click()
    await inspector.model.finished()
    assert not problem.isVisibleTo(inspector.panel)
    assert comments._words.text() == "No comments"


async def test_that_a_comment_that_could_not_be_removed_says_so_where_it_stands(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.open("comments")
    await inspector.settled()
    comments = inspector.panel.comments
    comments.add()
    comments.editor.field.setPlainText("to stay")
    comments.editor.finish()
    await inspector.settled()
    (comment,) = contents(inspector, Section.COMMENTS)
    admin, ada = present(lab.admin), present(inspector.desk.bench.connection.account).user.id
    ((ben,),) = admin.rows("select e.id from Experimenter e where e.omeName = 'ben'")
    admin.give("ImageAnnotationLink", comment.links[0].id, ben)
    press(comment_row(inspector), "Remove this comment")
    await until(lambda: any(edit.state is EditState.GIVEN_BACK for edit in inspector.desk.edits.pending))
    row = comment_row(inspector)
    assert row.words.toPlainText() == "to stay"
    assert "not allowed" in told_at(row)
    admin.give("ImageAnnotationLink", comment.links[0].id, ada)
    present(row.findChild(ProblemLine)).again.click()
    await inspector.settled()
    assert not rows_of(inspector)
    assert inspector.number("comments") == "0"


def comment_row(inspector: Inspector) -> CommentRow:
    (row,) = rows_of(inspector)
    return row


def rows_of(inspector: Inspector) -> list[CommentRow]:
    return [row for row in inspector.panel.comments.findChildren(CommentRow) if not row.isHidden()]


def press(row: CommentRow, name: str) -> None:
    next(button for button in row.findChildren(QAbstractButton) if button.accessibleName() == name).click()


def told_at(row: CommentRow) -> str:
    line = present(row.findChild(ProblemLine))
    return line.words.text() if line.isVisibleTo(row) else ""


# Several objects


async def test_that_images_with_different_stars_say_mixed(inspector: Inspector, lab: Lab) -> None:
    one, two, three = lab.images
    for ref, stars in ((one, 2), (two, 5)):
        await inspector.look_at(ref)
        click_star(inspector, stars)
        await inspector.settled()
    await inspector.look_at(one, two)
    assert (inspector.rating, inspector.panel.head.stars.stars) == ("mixed: 2 to 5, mean 3.5", 0)
    await inspector.look_at(one, two, three)
    assert inspector.rating.startswith("mixed: 2 to 5")
    lab.proxy.arm(Fault.HOLD)
    click_star(inspector, 3)
    assert (inspector.rating, inspector.panel.head.stars.stars) == ("", 3), "what is on its way counts"
    lab.proxy.heal()
    await inspector.settled()
    assert (inspector.rating, inspector.panel.head.stars.stars) == ("", 3)
    await inspector.undo()
    assert inspector.rating.startswith("mixed: 2 to 5")


async def test_that_all_that_was_asked_for_stays_in_sight_as_long_as_the_same_is_selected(
    inspector: Inspector, lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in ("tags_section", "items_section", "comments_section"):
        monkeypatch.setattr(f"omero_desk.views.annotations.{module}._MOST", 1)
    panel = inspector.panel
    await inspector.look_at(lab.images[0])
    for identity in ("attachments", "comments"):
        inspector.open(identity)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(name)
        inspector.desk.edits.tag(inspector.model.able, name)
        inspector.desk.edits.comment(inspector.model.able, name)
        inspector.desk.edits.attach(inspector.model.able, str(tmp_path / f"{name}.txt"))
    await inspector.settled()
    sections = panel.tags, panel.attachments, panel.comments

    def shown() -> tuple[int, int, int]:
        return len(panel.tags.chips), len(panel.attachments.rows), len(rows_of(inspector))

    assert shown() == (1, 1, 1)
    for section in sections:
        section._more.click()
    assert shown() == (3, 3, 3)
    inspector.part._selection.choose(list(inspector.part._selection.entities))
    inspector.model.refresh()
    await inspector.settled()
    await inspector.type_tag("d")
    assert shown() == (4, 3, 3)
    await inspector.look_at(lab.images[1])
    await inspector.look_at(lab.images[0])
    assert shown() == (1, 1, 1)
