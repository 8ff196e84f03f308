"""The parts of the main window, each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Account, Entity, Group, Kind, Permissions, Person, Ref, Scope
from omero_desk.models.annotations.summary import Summary
from omero_desk.models.messages import Action, Message, MessagesModel, Posted
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.messages.message_bar import MessageBar
from omero_desk.views.messages.overlay import BannerStack
from omero_desk.views.theme.resources import FOLDER
from omero_desk.views.tree.scope_bar import ScopeBar
from omero_desk.views.viewer.commands import VIEWER_COMMANDS
from omero_desk.views.widgets import icons
from omero_desk.views.window.help_dialogs import AboutDialog, ShortcutsDialog
from tests.support.accessibility import nameless
from tests.support.bare_desk import bare_details_panel
from tests.support.present import present

ME = Person(2, "demo", "Dana Demo")
OTHERS = {4: Person(4, "rf", "Rosalind Franklin"), 5: Person(5, "ada", "Ada Lovelace")}
CORE = Group(3, "Core", "rwra--", frozenset({2, 4, 5}))
ALONE = Group(7, "Alone", "rw----", frozenset({2}))
ACCOUNT = Account("demo", ME, CORE, "uuid", groups=(CORE, ALONE), people={2: ME, **OTHERS})
DATASET = Entity(
    Ref(Kind.DATASET, 7), "Mitosis", "mitosis", 1234, 5, 4, 3, 1_600_000_000_000, None, Permissions(can_annotate=True)
)


def shown(part: QWidget, kind: type[QLabel | QPushButton] = QLabel) -> list[str]:
    return [label.text() for label in part.findChildren(kind) if label.isVisibleTo(part) and label.text()]


def show(panel: DetailsPanel, entities: list[Entity], account: Account) -> None:
    panel.show_entities(entities, Summary(entities), account)


class TestScopeBar:
    @pytest.fixture
    def bar(self, qtbot: QtBot) -> ScopeBar:
        bar = ScopeBar()
        qtbot.addWidget(bar)
        return bar

    def chooser(self, bar: ScopeBar, name: str) -> QComboBox:
        return next(combo for combo in bar.findChildren(QComboBox) if combo.accessibleName() == name)

    def choices(self, bar: ScopeBar, name: str) -> list[str]:
        chooser = self.chooser(bar, name)
        return [chooser.itemText(row) for row in range(chooser.count())]

    def test_that_a_new_account_looks_at_its_own_data(self, bar: ScopeBar, qtbot: QtBot) -> None:
        with qtbot.waitSignal(bar.chosen) as chosen:
            bar.show_account(ACCOUNT)
        assert chosen.args == [Scope(3, 2)]
        assert self.choices(bar, "Group") == ["Alone", "Core"]
        assert self.choices(bar, "Owner") == ["Dana Demo (me)", "All members", "Ada Lovelace", "Rosalind Franklin"]

    def test_that_others_and_everybody_can_be_chosen(self, bar: ScopeBar, qtbot: QtBot) -> None:
        bar.show_account(ACCOUNT)
        for row, scope in ((1, Scope(3, None)), (2, Scope(3, 5))):
            with qtbot.waitSignal(bar.chosen) as chosen:
                self.chooser(bar, "Owner").setCurrentIndex(row)
            assert chosen.args == [scope]

    def test_that_another_group_offers_its_own_members(self, bar: ScopeBar, qtbot: QtBot) -> None:
        bar.show_account(ACCOUNT)
        self.chooser(bar, "Owner").setCurrentIndex(2)
        with qtbot.waitSignal(bar.chosen) as chosen:
            self.chooser(bar, "Group").setCurrentIndex(0)
        assert chosen.args == [Scope(7, 2)]
        assert self.choices(bar, "Owner") == ["Dana Demo (me)", "All members"]
        assert "only their own data" in self.chooser(bar, "Group").toolTip()

    def test_that_it_is_empty_and_disabled_without_an_account(self, bar: ScopeBar) -> None:
        bar.show_account(ACCOUNT)
        bar.show_account(None)
        assert not bar.isEnabled()
        assert bar.scope() is None
        assert self.choices(bar, "Owner") == []


class TestDetailsPanel:
    @pytest.fixture
    def panel(self, qtbot: QtBot) -> DetailsPanel:
        panel = bare_details_panel()
        qtbot.addWidget(panel)
        panel.show()
        return panel

    def test_that_one_object_is_told_in_words(self, panel: DetailsPanel, qtbot: QtBot) -> None:
        show(panel, [DATASET], ACCOUNT)
        qtbot.waitUntil(lambda: len(shown(panel)) > 2)
        texts = shown(panel)
        assert texts[:2] == ["Mitosis", "Dataset 7 · Rosalind Franklin · Core"]
        rows = dict(zip(texts[2::2], texts[3::2], strict=True))
        assert rows["Images"] == "1,234"
        assert rows["You may"] == "annotate"

    def test_that_an_administrator_is_named_though_a_member_of_nothing(self, panel: DetailsPanel, qtbot: QtBot) -> None:
        root = Account("demo", Person(0, "root", "root"), Group(0, "system", "rw----"), "uuid")
        show(panel, [Entity(Ref(Kind.PROJECT, 1), "a", "a", owner_id=0, group_id=0)], root)
        qtbot.waitUntil(lambda: len(shown(panel)) > 2)
        assert shown(panel)[1] == "Project 1 · root · system"

    def test_that_several_objects_are_summed_up(self, panel: DetailsPanel, qtbot: QtBot) -> None:
        image = Entity(Ref(Kind.IMAGE, 1), "a", "a", annotation_count=2)
        show(panel, [DATASET, DATASET, image], ACCOUNT)
        qtbot.waitUntil(lambda: len(shown(panel)) > 2)
        assert shown(panel) == [
            "3 objects selected",
            "2 datasets, 1 image · Rosalind Franklin · Core",
            *("Owner", "Rosalind Franklin"),
            *("Images", "2,468"),
        ]

    def test_that_a_name_is_never_taken_for_markup(self, panel: DetailsPanel) -> None:
        show(panel, [Entity(Ref(Kind.IMAGE, 1), "<b>bold</b>\nnext", "a")], ACCOUNT)
        title = next(label for label in panel.findChildren(QLabel) if "bold" in label.text())
        assert title.textFormat() is Qt.TextFormat.PlainText
        assert "<b>bold</b>" in title.text()
        assert "\n" not in title.text()


def post(messages: MessagesModel, text: str) -> Posted:
    return messages.post(Message(text))


class TestMessageBar:
    @pytest.fixture
    def messages(self) -> MessagesModel:
        return MessagesModel()

    @pytest.fixture
    def bar(self, qtbot: QtBot, messages: MessagesModel) -> Iterator[MessageBar]:
        bar = MessageBar(messages)
        stack = BannerStack([bar])
        qtbot.addWidget(stack)
        yield bar

    def test_that_it_is_there_only_while_there_is_a_message(self, bar: MessageBar, messages: MessagesModel) -> None:
        assert bar.isHidden()
        post(messages, "one")
        post(messages, "two")
        assert not bar.isHidden()
        assert shown(bar) == ["two"]
        assert shown(bar, QPushButton) == ["1 more"]
        close = present(bar.findChild(QToolButton))
        close.click()
        assert shown(bar) == ["one"]
        close.click()
        assert bar.isHidden()

    def test_that_details_show_on_demand(self, bar: MessageBar, messages: MessagesModel) -> None:
        messages.report(FailedError("It did not work.", "Ice.Something: 7"))
        (details,) = (button for button in bar.findChildren(QPushButton) if "Details" in button.text())
        text = present(bar.findChild(QPlainTextEdit))
        assert text.isHidden()
        details.click()
        assert not text.isHidden()
        assert text.toPlainText() == "Ice.Something: 7"
        post(messages, "no details here")
        assert details.isHidden()
        assert text.isHidden()

    def test_that_actions_are_buttons(self, bar: MessageBar, messages: MessagesModel) -> None:
        done: list[str] = []
        actions = tuple(Action(label, partial(done.append, label)) for label in ("Retry", "Sign in"))
        messages.post(Message("It did not work.", actions=actions))
        for label in ("Sign in", "Retry"):
            (button,) = (button for button in bar.findChildren(QPushButton) if button.text() == label)
            button.click()
        assert done == ["Sign in", "Retry"]

    def test_that_a_message_that_is_no_longer_true_goes(self, bar: MessageBar, messages: MessagesModel) -> None:
        lost, other = post(messages, "lost"), post(messages, "something else")
        other.retract()
        assert shown(bar) == ["lost"]
        lost.retract()
        assert bar.isHidden()

    def test_that_its_widgets_have_names(self, bar: MessageBar, messages: MessagesModel) -> None:
        messages.report(FailedError("It did not work.", "Ice.Something: 7"))
        assert nameless(bar) == []


@pytest.mark.parametrize("dialog", [AboutDialog, partial(ShortcutsDialog, VIEWER_COMMANDS)])
def test_that_help_can_be_read_and_closed_by_keyboard(qtbot: QtBot, dialog: Callable[[], QWidget]) -> None:
    one = dialog()
    one.show()
    assert nameless(one) == []
    assert len(" ".join(shown(one))) > 100
    qtbot.keyClick(one, Qt.Key.Key_Escape)
    assert not one.isVisible()


def test_that_every_drawing_can_be_drawn(qtbot: QtBot) -> None:
    folder = FOLDER / "icons"
    names = sorted(path.stem for path in folder.glob("*.svg"))
    assert len(names) > 40
    for name in names:
        image = icons.pixmap(name, 16).toImage()
        assert any(image.pixelColor(x, y).alpha() > 0 for x in range(16) for y in range(16)), name


def test_that_every_icon_that_is_asked_for_exists(qtbot: QtBot) -> None:
    kinds = [value for name, value in vars(Kind).items() if not name.startswith("_")]
    drawn = [icons.kind_icon(kind) for kind in (*kinds, "SomethingElse")]
    assert not any(QIcon.isNull(one) for one in drawn)
    different = {icons.kind_icon(kind).cacheKey() for kind in kinds}
    assert len(different) == len(kinds)
