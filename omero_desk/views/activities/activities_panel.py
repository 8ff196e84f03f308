"""The list of activities, with what can be done about each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QStackedWidget, QStyleOptionViewItem, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.activities import ACTIVITY, ActivitiesModel, Activity
from omero_desk.models.messages import Action
from omero_desk.models.translation import translate
from omero_desk.views.activities.activity_delegate import ActivityDelegate, actions_of, links_of
from omero_desk.views.parts.actions import passing_menu
from omero_desk.views.widgets.names import add_named
from omero_desk.views.widgets.state_card import PlaceState, StateCard, technical_text

_DETAIL_HEIGHT: Final = 90


class ActivitiesView(QListView):
    """Follows the mouse to the words of a row that do something; the keys do the same for the current row."""

    def __init__(self, model: ActivitiesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activities = model
        self.setModel(model)
        self.setItemDelegate(ActivityDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setProperty("rows", "own")
        self.setAccessibleName(translate("Activities", "Activities"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def activity(self, index: QModelIndex | None = None) -> Activity | None:
        """Return the activity of a row, by default of the current one."""
        one = (self.currentIndex() if index is None else index).data(ACTIVITY)
        return one if isinstance(one, Activity) else None

    def action_at(self, point: QPoint) -> Action | None:
        """Return what the words under a point do."""
        index = self.indexAt(point)
        one = self.activity(index) if index.isValid() else None
        if one is None:
            return None
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return next((link.action for link in links_of(one, option.rect, option) if link.area.contains(point)), None)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        found = self.action_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        action = self.action_at(event.position().toPoint())
        if action is not None and event.button() is Qt.MouseButton.LeftButton:
            action.run()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does the first thing that can be done, Del cancels."""
        one = self.activity()
        if one is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for action in (*actions_of(one),)[:1]:
                action.run()
        elif one is not None and event.key() == Qt.Key.Key_Delete:
            self._activities.cancel(one.number)
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        one = self.activity()
        if one is not None:
            menu = passing_menu(self)
            for action in actions_of(one):
                add_named(menu, action.label).triggered.connect(lambda _checked=False, action=action: action.run())
            words = "\n".join(filter(None, (one.title, one.small, one.detail)))
            copy = menu.addAction(translate("Activities", "Copy text"))
            copy.triggered.connect(lambda _checked=False: QGuiApplication.clipboard().setText(words))
            menu.popup(event.globalPos())


class ActivitiesPanel(QWidget):
    """The list, or a card that says that there is nothing; below it the details of the error that is chosen."""

    def __init__(self, model: ActivitiesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.view = ActivitiesView(model)
        self.detail = technical_text(_DETAIL_HEIGHT)
        self._stack = QStackedWidget()
        nothing = translate("Activities", "Nothing is under way")
        why = translate("Activities", "What takes a while, such as saving many planes, is listed here.")
        self._stack.addWidget(StateCard(PlaceState("activity", nothing, why)))
        self._stack.addWidget(self.view)
        self.clear = QToolButton()
        self.clear.setText(translate("Activities", "Clear finished"))
        self.clear.setToolTip(translate("Activities", "Take those that have ended off the list"))
        self.clear.setProperty("size", "small")
        self.clear.clicked.connect(model.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.detail)
        self.setFocusProxy(self.view)
        model.changed.connect(self._show)
        self.view.selectionModel().currentChanged.connect(self._show_detail)
        self._show()

    def _show(self) -> None:
        number = self._model.rowCount()
        self._stack.setCurrentIndex(1 if number else 0)
        self.clear.setEnabled(number > len(self._model.running))
        self._show_detail()

    def _show_detail(self) -> None:
        one = self.view.activity()
        self.detail.setPlainText(one.detail if one is not None else "")
        self.detail.setVisible(one is not None and bool(one.detail))
