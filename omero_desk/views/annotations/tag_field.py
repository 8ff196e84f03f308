"""A field to type tags in, which completes those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import TagChoice
from omero_desk.entities.objects import Account, Entity
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.annotations.tags import matches, same_but_for_case
from omero_desk.models.labels import owner, shortened, unmarked
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.tag_rows import BESIDE, NAME, TagRows

_CHOICE: Final = Qt.ItemDataRole.UserRole
_LEAST: Final = 1


class TagField(QLineEdit):
    """Takes a tag with Return, and one after the other with commas.

    `chosen` carries a `TagChoice` or a new text, and the `objects` that were shown when the user took it. Return takes
    what is marked in the list; what is typed otherwise is a new tag, unless there is one that differs at most in upper
    and lower case: then that is taken. `described` carries what was typed and the objects where the user has taken the
    last row of the list: a new tag, to be described. `taken` are the tags that are on everything already.
    """

    chosen = Signal(object, object)
    described = Signal(str, object)

    def __init__(
        self, choices: TagChoicesModel, account: Callable[[], Account | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._account = account
        self.objects: Sequence[Entity] = ()
        self.taken: list[int] = []
        self._finishing: Sequence[Entity] | None = None
        """The objects of what was taken before it was known which tags there are."""
        self._choices = choices
        self._rows = QStandardItemModel(self)
        self._completer = QCompleter(self._rows, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(12)
        self._completer.setWidget(self)
        self._popup = QListView()
        self._popup.setProperty("role", "offered")
        self._popup.setMouseTracking(True)
        self._completer.setPopup(self._popup)
        self._popup.setItemDelegate(TagRows(self._popup))
        self._completer.activated[QModelIndex].connect(self._take_row)  # type: ignore[index]  # it has overloads
        self.setClearButtonEnabled(True)
        self.textEdited.connect(self._offer)
        choices.changed.connect(self._offer_again)

    @property
    def group_id(self) -> int | None:
        """The group whose tags are offered."""
        return _group_of(self.objects)

    def forget(self) -> None:
        """Take away what was typed."""
        self._finishing = None
        self._done()

    def completer_rows(self) -> list[str]:
        """Return what the list offers now."""
        return [self._rows.item(row).text() for row in range(self._rows.rowCount())]

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have the tags read before the first letter."""
        super().focusInEvent(event)
        self._choices.want(self.group_id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self._popup
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma):
            if popup.isVisible() and popup.currentIndex().isValid() and event.key() != Qt.Key.Key_Comma:
                event.ignore()  # the list takes it
                return
            self._finish()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            popup.hide()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        """Take what is typed."""
        text, objects = self.text().strip(), self.objects if self._finishing is None else self._finishing
        group_id = _group_of(objects)
        if not self._choices.is_known(group_id):
            self._finishing = objects
            self._choices.want(group_id)  # and go on once it is known whether there is such a tag
            return
        self._finishing = None
        if not problem_of(text):
            self._done()
            self.chosen.emit(same_but_for_case(self._choices.choices, text) or text, objects)

    def _done(self) -> None:
        self._popup.hide()
        self.clear()

    def _offer_again(self) -> None:
        if self._finishing is not None:
            QTimer.singleShot(0, self._finish)
        elif self.hasFocus():
            self._offer(self.text())

    def _offer(self, text: str) -> None:
        self._finishing = None
        self._rows.clear()
        typed = text.strip()
        if len(typed) < _LEAST:
            self._popup.hide()
            return
        found = matches(self._choices.choices, typed, self.taken)
        names = Counter(choice.text for choice in found)
        for choice in found:
            of = self._owner(choice) if names[choice.text] > 1 else ""
            self._rows.appendRow(_row(shortened(choice.text), choice, _words_on(choice, of)))
        create = translate("Annotations", "Create tag “{name}”…").format(name=shortened(typed))
        self._rows.appendRow(_row(create, typed, ""))
        self._completer.complete()
        self._mark(same_but_for_case(self._choices.choices, typed))

    def _mark(self, choice: TagChoice | None) -> None:
        """Mark what is typed already in the list, and nothing else: Return takes no tag that is only offered."""
        rows = (self._rows.index(row, 0) for row in range(self._rows.rowCount()))
        typed = (index for index in rows if choice is not None and index.data(_CHOICE) == choice)
        self._popup.setCurrentIndex(next(typed, QModelIndex()))

    def _owner(self, choice: TagChoice) -> str:
        """Return whose a tag is that has the name of another one; "" for that of the user."""
        account = self._account()
        if choice.owner_id is None or (account is not None and account.user.id == choice.owner_id):
            return ""
        return owner(choice.owner_id, account)

    def _take_row(self, index: QModelIndex) -> None:
        choice = index.data(_CHOICE)
        self._done()
        if isinstance(choice, TagChoice):
            self.chosen.emit(choice, self.objects)
        elif isinstance(choice, str):
            self.described.emit(choice, self.objects)


def _group_of(objects: Sequence[Entity]) -> int | None:
    return objects[0].group_id if objects else None


def _row(text: str, choice: TagChoice | str, second: str) -> QStandardItem:
    item = QStandardItem(f"{text}   {second}" if second else text)
    item.setData(choice, _CHOICE)
    item.setData(text, NAME)
    item.setData(second, BESIDE)
    item.setEditable(False)
    if isinstance(choice, TagChoice):
        item.setToolTip(unmarked(choice.description))
    return item


def _words_on(choice: TagChoice, of: str) -> str:
    """Return whose a tag is where that tells it from others, its sets, and how often it is used."""
    uses = plural("Annotations", "on %n objects", "on %n object", choice.uses)
    return shortened(" · ".join(filter(None, (of, *choice.sets[:2], uses))))
