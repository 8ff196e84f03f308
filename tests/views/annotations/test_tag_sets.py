"""New tags with a description and in a set, and tags that are moved between sets, as a user does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import omero
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QWidget

from omero_desk.models.annotations.pending import EditState
from omero_desk.views.annotations.edit_dialogs import LineDialog
from omero_desk.views.annotations.tagging.new_tag_dialog import NewTagDialog
from omero_desk.views.annotations.tagging.set_menu import SetMenu
from tests.gateway.annotations.scenes import Outsider
from tests.support.editing_desk import Lab
from tests.support.inspecting import Inspector
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


@contextmanager
def outsider(inspector: Inspector, name: str) -> Iterator[Outsider]:
    """A user with nothing but omero-py."""
    proxy = inspector.desk.lab.proxy
    client = omero.client(host=proxy.host, port=proxy.port)
    client.createSession(name, name)
    try:
        yield Outsider(client)
    finally:
        client.closeSession()


def group_of(inspector: Inspector) -> int:
    return present(inspector.model.entities[0].group_id)


def tag_id(inspector: Inspector, number: int = 0) -> int:
    return present(inspector.panel.tags.chips[number].tag.annotation).id


async def new_tag_dialog(inspector: Inspector, text: str) -> NewTagDialog:
    """Type a text and take the last row of what is offered."""
    field = inspector.panel.tags.field
    field.setFocus()
    inspector.part.choices.want(field.group_id)
    await inspector.part.choices.finished()
    QTest.keyClicks(field, text)
    popup = present(QApplication.activePopupWidget())
    assert isinstance(popup, QListView)
    popup.setCurrentIndex(popup.model().index(popup.model().rowCount() - 1, 0))
    QTest.keyClick(popup, Qt.Key.Key_Return)
    return present(child(inspector.desk.window, NewTagDialog))


def child(window: QWidget, kind: type[NewTagDialog]) -> NewTagDialog | None:
    return next((one for one in window.findChildren(kind) if one.isVisible()), None)


async def set_menu(inspector: Inspector, number: int = 0) -> SetMenu:
    """Open the menu of a chip, and wait for the sets in it."""
    inspector.panel.tags.chips[number].menu_wanted.emit(QPoint(5, 5))
    menu = present(QApplication.activePopupWidget())
    assert isinstance(menu, QMenu)
    found = next(one for one in (action.menu() for action in menu.actions()) if isinstance(one, SetMenu))
    await inspector.part.lookups.finished()
    return found


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text().replace("&", ""): action for action in menu.actions() if not action.isSeparator()}


async def test_that_the_last_row_makes_a_tag_with_a_description_and_in_a_set(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(*lab.images[:2])
    with outsider(inspector, "ada") as ada:
        ada.tag_set("stains", group_of(inspector))
        dialog = await new_tag_dialog(inspector, "fresh")
        await inspector.part.lookups.finished()
        assert dialog.name.text() == "fresh"
        assert [dialog.set.itemText(row) for row in range(dialog.set.count())] == ["None", "stains"]
        dialog.description.setPlainText(" <b>why</b>\n")
        dialog.set.setCurrentIndex(1)
        dialog.save.click()
        await inspector.settled()
        assert inspector.tags == ["fresh"]
        tag = tag_id(inspector)
        assert ada.on("Tag", tag) == sorted(ref.id for ref in lab.images[:2])
        assert ada.sets_of(tag) == {"stains": (1, "ada")}
        assert ("<b>why</b>", "fresh") in [row[2:4] for row in ada.look(lab.images[0])[3]]
        assert inspector.history.changes[-1].title == "Tag on 2 images"
        await inspector.undo()
        assert (inspector.tags, ada.on("Tag", tag)) == ([], [])
        await inspector.redo()
        assert ada.on("Tag", tag) == sorted(ref.id for ref in lab.images[:2])


async def test_that_a_name_that_is_there_already_has_no_other_description_or_set(
    inspector: Inspector, lab: Lab
) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("known")
    await inspector.look_at(lab.images[1])
    dialog = await new_tag_dialog(inspector, "Known")
    assert (dialog.description.isEnabled(), dialog.hint.isVisible()) == (True, False)
    dialog.name.setText("known")
    assert (dialog.description.isEnabled(), dialog.set.isEnabled()) == (False, False)
    assert "added as it is" in dialog.hint.text()
    dialog.name.setText("  ")
    assert not dialog.save.isEnabled()
    dialog.reject()
    await inspector.settled()
    assert inspector.tags == []


async def test_that_a_tag_is_moved_from_its_menu_and_back(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("wanders")
    tag = tag_id(inspector)
    with outsider(inspector, "ada") as ada, outsider(inspector, "ben") as ben:
        group = group_of(inspector)
        ada.tag_set("first & <i>", group)
        ben.tag_set("ben's", group)
        menu = await set_menu(inspector)
        offered = {name: one.isChecked() for name, one in entries(menu).items()}
        assert list(offered)[-2:] == ["None", "New set…"]
        assert (offered["first  <i>"], offered["None"], "ben's" in offered) == (False, True, False)
        entries(menu)["first  <i>"].trigger()
        await inspector.settled()
        assert ada.sets_of(tag) == {"first & <i>": (1, "ada")}
        assert inspector.history.changes[-1].title == "Sets of the tag “wanders”"
        menu = await set_menu(inspector)
        assert entries(menu)["first  <i>"].isChecked()
        entries(menu)["New set…"].trigger()
        dialog = next(one for one in inspector.desk.window.findChildren(LineDialog) if one.isVisible())
        present(dialog.findChild(QLineEdit)).setText("second")
        dialog.button.click()
        await inspector.settled()
        assert ada.sets_of(tag) == {"second": (1, "ada")}
        await inspector.undo()
        assert ada.sets_of(tag) == {"first & <i>": (1, "ada")}
        await inspector.redo()
        assert ada.sets_of(tag) == {"second": (1, "ada")}
        entries(await set_menu(inspector))["None"].trigger()
        await inspector.settled()
        assert ada.sets_of(tag) == {}


async def test_that_a_move_that_is_refused_is_kept_with_its_reason(inspector: Inspector, lab: Lab) -> None:
    await inspector.look_at(lab.images[0])
    await inspector.type_tag("stays")
    tag = tag_id(inspector)
    with outsider(inspector, "ada") as ada:
        made = ada.tag_set("goes", group_of(inspector))
        menu = await set_menu(inspector)
        ada.delete("TagAnnotation", made)
        entries(menu)["goes"].trigger()
        await until(lambda: [edit.state for edit in inspector.desk.edits.pending] == [EditState.GIVEN_BACK])
        (edit,) = inspector.desk.edits.pending
        assert (edit.title, "not there any more" in edit.reason) == ("Sets of the tag “stays”", True)
        assert ada.sets_of(tag) == {}
        inspector.desk.edits.discard(edit.id)
