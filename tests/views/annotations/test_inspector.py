"""The inspector driven as a user does: tags, pairs, comments, ratings, descriptions, undo, on a real server."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from omero_desk.entities.annotations import Section
from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Ref
from omero_desk.models.annotations.pairs_table import KEY, VALUE
from omero_desk.models.annotations.pending import EditState
from omero_desk.views.annotations.part import AnnotationsPart
from tests.faults.proxy import Fault
from tests.support.editing_desk import Lab
from tests.support.inspecting import Inspector
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


async def test_that_a_tag_is_added_seen_and_removed(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    assert (inspector.tags, inspector.number("tags")) == ([], "0")
    await inspector.type_tag("mitotic")
    assert (inspector.tags, inspector.number("tags")) == (["mitotic"], "1")
    chip = inspector.panel.tags.chips[0]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    await inspector.settled()
    assert inspector.tags == []
    await inspector.undo()
    assert inspector.tags == ["mitotic"]
    await inspector.undo()
    assert inspector.tags == []
    await inspector.redo()
    assert inspector.tags == ["mitotic"]


async def test_that_a_tag_that_differs_in_case_alone_is_not_made_twice(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("Only once")
    await inspector.look_at(lab.images[1])
    field = inspector.panel.tags.field
    field.setFocus()
    await inspector.part.choices.finished()
    await inspector.type_tag("only ONCE")
    assert inspector.tags == ["Only once"]
    identities = {present(tag.annotation).id for tag in (chip.tag for chip in inspector.panel.tags.chips)}
    await inspector.look_at(lab.images[0])
    assert {present(chip.tag.annotation).id for chip in inspector.panel.tags.chips} == identities


async def test_that_what_is_typed_is_completed_and_a_new_tag_is_the_last_choice(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    for text in ("stain DAPI", "stain GFP", "unstained"):
        await inspector.type_tag(text)
    await inspector.look_at(lab.images[1])
    field = inspector.panel.tags.field
    field.setFocus()
    inspector.part.choices.want(field.group_id)
    await inspector.part.choices.finished()
    QTest.keyClicks(field, "stain")
    popup = field.completer_rows()
    assert [row.partition("   ")[0] for row in popup] == ["stain DAPI", "stain GFP", "unstained", "Create tag “stain”…"]
    shown = present(QApplication.activePopupWidget())
    assert isinstance(shown, QListView)
    last = shown.visualRect(shown.model().index(len(popup) - 1, 0))
    assert last.height() >= shown.fontMetrics().height() + 8
    assert shown.viewport().rect().contains(last), "all rows are in sight"


async def test_that_return_takes_what_was_typed_and_none_of_the_tags_that_are_only_offered(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    for text in ("dyed red", "dyed red twice"):
        await inspector.type_tag(text)
    await inspector.look_at(lab.images[1])
    await inspector.type_tag("dyed red twice")
    await inspector.look_at(lab.images[2])
    field = inspector.panel.tags.field
    field.setFocus()
    inspector.part.choices.want(field.group_id)
    await inspector.part.choices.finished()
    for typed in ("dyed", "Dyed RED"):
        QTest.keyClicks(field, typed)
        assert field.completer_rows()[0].startswith("dyed red twice"), "it is used most"
        QTest.keyClick(present(QApplication.activePopupWidget()), Qt.Key.Key_Return)
        await until(lambda: not field.text())
        await inspector.settled()
    assert inspector.tags == ["dyed", "dyed red"]
    QTest.keyClicks(field, "dyed")
    popup = present(QApplication.activePopupWidget())
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    await inspector.settled()
    assert inspector.tags == ["dyed", "dyed red", "dyed red twice"]


async def test_that_twenty_images_are_tagged_and_the_tag_is_taken_off_some(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(*lab.images)
    await inspector.type_tag("series")
    assert [chip.tag.on for chip in inspector.panel.tags.chips] == [3]
    await inspector.look_at(lab.images[0])
    inspector.panel.tags.chips[0].removed.emit()
    await inspector.settled()
    await inspector.look_at(*lab.images)
    chip = inspector.panel.tags.chips[0]
    assert (chip.tag.on, "2 of 3" in chip.accessibleName()) == (2, True)
    await inspector.undo()
    assert [chip.tag.on for chip in inspector.panel.tags.chips] == [3]


async def test_that_pairs_are_typed_changed_pasted_and_taken_back(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.desk.bench.command("key-value").trigger()
    card = inspector.panel.pairs.cards[0]
    table = card.table
    assert table.setData(table.index(0, KEY), "cell line")
    assert table.setData(table.index(0, VALUE), "HeLa")
    await inspector.settled()
    table = inspector.panel.pairs.cards[0].table
    assert table.pairs == (("cell line", "HeLa"),)
    assert table.setData(table.index(0, VALUE), "U2OS")
    await inspector.settled()
    QGuiApplication.clipboard().setText("drug\tnocodazole\ndose\t100 nM\ncell line\tRPE1\n")
    inspector.panel.pairs.paste()
    await inspector.settled()
    shown = inspector.panel.pairs.cards[0].table.pairs
    assert shown == (("cell line", "RPE1"), ("drug", "nocodazole"), ("dose", "100 nM"))
    await inspector.undo()
    await inspector.undo()
    assert inspector.panel.pairs.cards[0].table.pairs == (("cell line", "HeLa"),)
    await inspector.undo()
    assert [card for card in inspector.panel.pairs.cards if card.table.pairs] == []


async def test_that_rows_of_a_card_move_and_go_by_keys_and_keep_their_order(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    QGuiApplication.clipboard().setText("a\t1\nb\t2\na\t3")
    inspector.panel.pairs.paste()
    await inspector.settled()
    view, table = inspector.panel.pairs.cards[0].view, inspector.panel.pairs.cards[0].table
    assert table.pairs == (("a", "1"), ("b", "2"), ("a", "3"))
    view.setFocus()
    view.setCurrentIndex(table.index(2, KEY))
    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    await inspector.settled()
    table = inspector.panel.pairs.cards[0].table
    assert table.pairs == (("a", "1"), ("a", "3"), ("b", "2"))
    view = inspector.panel.pairs.cards[0].view
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    await inspector.settled()
    assert inspector.panel.pairs.cards[0].table.pairs == (("a", "3"), ("b", "2"))


async def test_that_a_second_change_before_the_first_is_saved_makes_no_second_annotation(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    inspector.desk.edits.follow(State.OFFLINE)
    inspector.panel.pairs.add()
    table = inspector.panel.pairs.cards[0].table
    table.setData(table.index(0, KEY), "a")
    table.setData(table.index(0, VALUE), "1")
    table = inspector.panel.pairs.cards[0].table
    table.setData(table.index(0, VALUE), "2")
    assert len(inspector.desk.edits.pending) == 1
    inspector.desk.edits.follow(State.ONLINE)
    await inspector.settled()
    assert [card.table.pairs for card in inspector.panel.pairs.cards] == [(("a", "2"),)]
    assert inspector.number("key_values") == "1"


async def test_that_a_comment_is_written_edited_and_removed(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.open("comments")
    await inspector.settled()
    section = inspector.panel.comments
    section.add()
    QTest.keyClicks(section.editor.field, "See Image:1")
    QTest.keyClick(section.editor.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await inspector.settled()
    assert comments(inspector) == ["See Image:1"]
    (annotation,) = present(inspector.model.contents(Section.COMMENTS).annotations)
    assert annotation.owner_id == present(inspector.desk.bench.connection.account).user.id
    inspector.panel.comments._edits.take_off(inspector.model.entities, "Comment", annotation.id, "See Image:1")
    await inspector.settled()
    assert comments(inspector) == []
    await inspector.undo()
    assert comments(inspector) == ["See Image:1"]


async def test_that_a_comment_that_was_begun_is_there_again_on_the_same_image(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.open("comments")
    inspector.panel.comments.add()
    inspector.panel.comments.editor.field.setPlainText("half a tho")
    await inspector.look_at(lab.images[1])
    assert not inspector.panel.comments.editor.isVisibleTo(inspector.panel)
    await inspector.look_at(lab.images[0])
    inspector.panel.comments.add()
    assert inspector.panel.comments.editor.field.toPlainText() == "half a tho"


async def test_that_stars_are_given_by_mouse_and_key_and_taken_away_by_the_same(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    stars = inspector.panel.head.stars
    QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(2 + 3 * 16 + 8, stars.height() // 2))
    await inspector.settled()
    assert stars.stars == 4
    inspector.desk.bench.command("rate-2").trigger()
    await inspector.settled()
    assert stars.stars == 2
    inspector.desk.bench.command("rate-2").trigger()
    await inspector.settled()
    assert stars.stars == 0
    await inspector.undo()
    assert stars.stars == 2


async def test_that_the_description_is_edited_in_place_and_taken_back(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.dataset)
    section = inspector.panel.description
    section.edit()
    section.editor.field.setPlainText("Fixed in PFA, <b>not</b> bold: https://example.org/a?b=1.")
    QTest.keyClick(section.editor.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await inspector.settled()
    assert section.words.toPlainText() == "Fixed in PFA, <b>not</b> bold: https://example.org/a?b=1."
    section.edit()
    section.editor.field.setPlainText("never mind")
    QTest.keyClick(section.editor.field, Qt.Key.Key_Escape)
    assert section.words.toPlainText().startswith("Fixed")
    await inspector.undo()
    assert section.words.toPlainText() == ""


async def test_that_what_one_may_not_change_cannot_be_changed(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.foreign)
    assert not inspector.panel.tags.field.isVisibleTo(inspector.panel)
    assert not inspector.panel.pairs.add_button.isVisibleTo(inspector.panel)
    assert not inspector.panel.attachments.attach_button.isVisibleTo(inspector.panel)
    assert not inspector.panel.description.can_edit
    assert inspector.panel.head.stars.focusPolicy() is Qt.FocusPolicy.NoFocus


async def test_that_a_cut_line_loses_nothing_and_doubles_nothing(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    lab.proxy.arm(Fault.RESET, once=True)
    await inspector.type_tag("through thick and thin")
    assert inspector.tags == ["through thick and thin"]
    assert inspector.number("tags") == "1"
    await until(lambda: inspector.desk.bench.connection.state is State.ONLINE)
    await inspector.undo()
    assert inspector.tags == []


async def test_that_what_somebody_else_has_changed_since_is_not_undone(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.dataset)
    section = inspector.panel.description
    section.edit()
    section.editor.field.setPlainText("mine")
    section.editor.finish()
    await inspector.settled()
    entity = inspector.model.entities[0]
    inspector.desk.edits.describe(entity, "theirs", "mine")
    await inspector.settled()
    first = inspector.history.changes[0]
    inspector.history.undo(first)
    await until(lambda: any(edit.state is EditState.GIVEN_BACK for edit in inspector.desk.edits.pending))
    assert section.words.toPlainText() in ("theirs", "")
    for edit in inspector.desk.edits.pending:
        assert "theirs" in edit.reason
        inspector.desk.edits.discard(edit.id)
    await inspector.settled()
    assert section.words.toPlainText() == "theirs"


async def test_that_annotations_are_copied_from_one_image_and_pasted_onto_others(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("copied")
    QGuiApplication.clipboard().setText("k\tv")
    inspector.panel.pairs.paste()
    inspector.desk.bench.command("rate-5").trigger()
    await inspector.settled()
    inspector.desk.bench.command("copy-annotations").trigger()
    await inspector.part.copied.finished()
    await inspector.look_at(*lab.images[1:])
    inspector.desk.bench.command("paste-annotations").trigger()
    await inspector.part.copied.finished()
    await inspector.settled()
    await inspector.look_at(lab.images[2])
    assert inspector.tags == ["copied"]
    assert inspector.panel.pairs.cards[0].table.pairs == (("k", "v"),)
    assert inspector.panel.head.stars.stars == 5


async def test_that_every_change_is_in_the_history_and_only_the_last_selection_is_read(
    inspector: Inspector, lab: Lab
) -> None:
    asked: list[Ref] = []
    reader = inspector.model._reader
    about = reader.about

    async def count(ref: Ref) -> object:
        asked.append(ref)
        return await about(ref)

    reader.about = count  # type: ignore[method-assign,assignment]
    for ref in (*lab.images, lab.foreign, lab.images[1]):
        inspector.desk.select(ref)
    await until(lambda: inspector.model.refs == (lab.images[1],))
    await inspector.settled()
    assert asked == [lab.images[1]]
    await inspector.type_tag("kept")
    assert [change.title for change in inspector.history.changes] == ["Tag on Two.tif"]
    panel = inspector.desk.editing.history_panel
    inspector.desk.bench.command("history").trigger()
    await until(panel.isVisible)
    assert panel.list.item(0).text() == "Tag on Two.tif"


def comments(inspector: Inspector) -> list[str]:
    found = inspector.model.contents(Section.COMMENTS).annotations or ()
    return [str(one.value) for one in found]


async def test_that_the_counts_of_a_menu_open_their_section(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    inspector.desk.bench.workbench.part(AnnotationsPart)._selection.info_wanted.emit("comments")
    section = next(one for one in inspector.panel.sections if one.identity == "comments")
    assert section.is_open


async def test_that_a_place_is_gone_to_in_the_tree_though_nothing_of_it_was_read(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    places = present(inspector.model.about).places
    assert [place.name for place in places] == ["Mitosis"]
    inspector.desk.bench.browser.refresh_all()
    inspector.panel.object_wanted.emit((lab.dataset, lab.images[2]))
    await until(lambda: inspector.desk.view.currentIndex().data() == "Three.tif")
    inspector.panel.object_wanted.emit((Ref("Dataset", 987_654), lab.images[2]))
    await until(lambda: "not in the tree" in inspector.desk.bench.browser.status.label.text())


async def test_that_an_image_that_is_passed_by_holds_nothing_up(
    inspector: Inspector, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Ref] = []
    given_up: list[Ref] = []

    async def read(ref: Ref) -> tuple[()]:
        begun.append(ref)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            given_up.append(ref)
            raise
        return ()

    lookup = inspector.part.lookups.inherited
    monkeypatch.setattr(lookup, "_read", read)
    one, other, _ = lab.images
    inspector.open("key_values")
    inspector.desk.select(one)
    await until(lambda: begun == [one])
    inspector.desk.select(other)
    await asyncio.sleep(0)
    assert inspector.model.is_resting
    assert given_up == [one]
    inspector.desk.select(one)
    await until(lambda: begun == [one, one])
    lookup.cancel_all()
