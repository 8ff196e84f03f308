"""Sections of annotations that are a line each: attachments, tables, and all other kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import Annotation, Section, StoredFile
from omero_desk.entities.edits import AttachFile, PutAnnotation, TakeOff
from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.annotations.values import share, value_in_words
from omero_desk.models.annotations.who import byline, tip_of
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.section_body import ProblemLine, SectionBody
from omero_desk.views.parts.actions import passing_menu
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.flow_layout import FlowLayout
from omero_desk.views.widgets.icon_label import IconLabel, small_button
from omero_desk.views.widgets.state_card import flush_button
from omero_desk.views.widgets.words import OneLine

_MOST: Final = 100
_OPENS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ICONS: Final = {Section.ATTACHMENTS: "file", Section.TABLES: "table", Section.OTHERS: "annotations"}

_EMPTY: Final = {
    Section.ATTACHMENTS: mark("Annotations", "No attachments"),
    Section.TABLES: mark("Annotations", "No tables"),
    Section.OTHERS: mark("Annotations", "No other annotations"),
}


class ItemsSection(SectionBody):
    """Shows annotations with their values, a line each.

    `opened` carries one that was opened, `menu_wanted` one with a menu to be filled with what may be done with it.
    """

    opened = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(
        self,
        section: Section,
        model: InspectorModel,
        edits: EditsModel,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(section, model, parent)
        self.empty = _EMPTY[section]
        self._edits, self._account = edits, account
        self._all = False
        self._refs: tuple[Ref, ...] = ()
        self.rows: list[ItemRow] = []
        self._told: object = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self._more = flush_button()
        self._more.clicked.connect(self._show_all)
        self.column.addLayout(self._lines)
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)
        model.changed.connect(self._begin)

    @override
    def fill(self, annotations: Sequence[Annotation], edits: Sequence[PendingEdit]) -> bool:
        now = tuple(annotations), tuple(edits), len(self.model.refs), self._all
        if now == self._told:
            return bool(self.rows)
        self._told = now
        focused = next((row.identity for row in self.rows if row.hasFocus()), None)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        going = {edit.edit.annotation_id: edit for edit in edits if isinstance(edit.edit, TakeOff)}
        there = {one.id for one in annotations}
        shown = annotations if self._all else annotations[:_MOST]
        self.rows = [self._row(one, going.get(one.id)) for one in shown if not _is_gone(going.get(one.id))]
        self.rows += [self._coming(edit) for edit in edits if _brings(edit, there)]
        for row in self.rows:
            self._lines.addWidget(row)
            if focused is not None and row.identity == focused:
                row.show()
                row.setFocus()
        rest = len(annotations) - len(shown)
        self._more.setText(plural("Annotations", "%n more", "%n more", rest))
        self._more.setVisible(rest > 0)
        return bool(self.rows)

    def _row(self, one: Annotation, edit: PendingEdit | None) -> ItemRow:
        account, count = self._account(), len(self.model.refs)
        on = len({link.ref for link in one.links})
        second = [share(on, count)] if on < count else []
        if account is not None and one.owner_id != account.user.id:
            second.append(byline(one, account))
        text, more = value_in_words(one)
        row = ItemRow(_ICONS[self.section], text, " · ".join(filter(None, (more, *second))), tip_of(one, account))
        row.identity = one.id
        if self.section is not Section.OTHERS:
            row.setAccessibleDescription(translate("Annotations", "A double click or Return opens it"))
        row.opened.connect(lambda: self.opened.emit(one))
        row.fill_menu = lambda menu: self._fill_menu(menu, one)
        row.tell(edit, self._edits)
        return row

    def _coming(self, edit: PendingEdit) -> ItemRow:
        row = ItemRow(_ICONS[self.section], edit.text, "", "")
        row.tell(edit, self._edits)
        return row

    def _fill_menu(self, menu: QMenu, one: Annotation) -> None:
        self.menu_wanted.emit(one, menu)
        if menu.actions():
            menu.addSeparator()
        words = translate("Annotations", "&Remove from what is selected")
        remove = menu.addAction(words, lambda: self._remove(one))
        remove.setEnabled(any(link.can_delete for link in one.links))

    def _remove(self, one: Annotation) -> None:
        self._edits.take_off(self.objects, one.type, one.id, value_in_words(one)[0])

    def _show_all(self) -> None:
        self._all = True
        self.show_now()

    def _begin(self) -> None:
        """Show the first ones of other objects."""
        if self.model.refs != self._refs:
            self._refs, self._all = self.model.refs, False


class AttachmentsSection(ItemsSection):
    """Shows attached files; others may be dropped on it. `attach_wanted` carries their paths, none to be chosen yet.

    `choose_wanted` carries the objects to which a file is to be attached that is on the server already.
    """

    attach_wanted = Signal(object)
    choose_wanted = Signal(object)

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Section.ATTACHMENTS, model, edits, account, parent)
        self.setAcceptDrops(True)
        self.attach_button = flush_button(translate("Annotations", "Attach files…"))
        self.attach_button.clicked.connect(lambda _checked=False: self.attach_wanted.emit(()))
        self.choose_button = flush_button(translate("Annotations", "Attach a file that is there…"))
        self.choose_button.clicked.connect(lambda _checked=False: self.choose_wanted.emit(self.model.able))
        held = QWidget()
        buttons = FlowLayout(held, Space.MEDIUM)
        buttons.setContentsMargins(0, 0, 0, 0)
        for button in (self.attach_button, self.choose_button):
            buttons.addWidget(button)
        self.column.addWidget(held)
        model.changed.connect(self._follow)
        self._follow()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.model.able and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
        if paths and self.model.able:
            event.acceptProposedAction()
            self.attach_wanted.emit(paths)

    def _follow(self) -> None:
        for button in (self.attach_button, self.choose_button):
            button.setVisible(bool(self.model.able))


class ItemRow(QWidget):
    """One annotation on a line. `opened`: a double click or Return; its menu has what else may be done with it.

    `identity` is that of the annotation, None for one that is only on its way.
    """

    opened = Signal()

    def __init__(self, icon: str, text: str, second: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.identity: int | None = None
        self.fill_menu: Callable[[QMenu], object] = lambda menu: None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(", ".join(filter(None, (text, second))))
        self.words, self._second, self._problem = OneLine(text), OneLine(second), ProblemLine()
        self._icon = IconLabel(Icon.ROW, icons.icon(icon))
        self._second.setProperty("role", "faint")
        self.words.setToolTip(unmarked(tip) or self.words.toolTip())
        self.button = small_button("more", translate("Annotations", "What can be done with it"), self.open_menu)
        self.button.setAccessibleName(translate("Annotations", "What can be done with {name}").format(name=text))
        line = QHBoxLayout()
        line.setSpacing(Space.SMALL)
        for part, stretch in ((self._icon, 0), (self.words, 0), (self._second, 0)):
            line.addWidget(part, stretch)
        line.addStretch(1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self._problem)

    def tell(self, edit: PendingEdit | None, edits: EditsModel) -> None:
        """Show how an edit of it stands."""
        if edit is None:
            return
        if edit.state is EditState.GIVEN_BACK:
            self._problem.tell(edit.reason)
            self._problem.again.clicked.connect(lambda _checked=False: edits.retry(edit.id))
        elif edit.state is not EditState.DONE:
            self._icon.show_icon(icons.icon("clock"))

    def open_menu(self) -> None:
        """Show the menu below the button."""
        menu = passing_menu(self)
        self.fill_menu(menu)
        if menu.actions():
            menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    @override
    def event(self, event: QEvent) -> bool:
        """Keep Return from the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OPENS:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu, also for the key of menus."""
        self.open_menu()

    @override
    def mouseDoubleClickEvent(self, event: object) -> None:
        self.opened.emit()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(current().focus), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.end()


def _is_gone(edit: PendingEdit | None) -> bool:
    return edit is not None and edit.state is EditState.DONE


def _brings(edit: PendingEdit, there: set[int]) -> bool:
    one = edit.edit
    return isinstance(one, AttachFile) or (isinstance(one, PutAnnotation) and one.annotation_id not in there)


def file_of(annotation: Annotation) -> StoredFile | None:
    """Return the file of an annotation, None where it is none."""
    return annotation.value if isinstance(annotation.value, StoredFile) else None
