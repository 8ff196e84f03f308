"""The row above the tree: whose data in which group."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStyle, QStyleOptionComboBox, QStylePainter, QWidget
from typing_extensions import override

from omero_desk.entities.objects import ALL_MEMBERS, Account, Group, Scope
from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.models.tree.scopes import (
    default_scope,
    group_choices,
    owner_choices,
    permission_level,
    permission_words,
)
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons

_LIST: Final = 260
"""Pixels for the names in an open list, which is wider than its chooser."""
_BESIDE: Final = 8
"""Pixels that an icon takes beside its own width."""
_GROUP: Final = Qt.ItemDataRole.UserRole + 1


class ScopeBar(QWidget):
    """Two choosers, whose choice `chosen` carries; at sign-in it is the user's own data."""

    chosen = Signal(Scope)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account: Account | None = None
        self._groups = _chooser(translate("Tree", "Group"))
        self._owners = _chooser(translate("Tree", "Owner"))
        self._groups.currentIndexChanged.connect(self._choose_group)
        self._owners.currentIndexChanged.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, 0)
        row.setSpacing(Space.TINY)
        row.addWidget(self._groups, 1)
        row.addWidget(self._owners, 1)

    def show_account(self, account: Account | None) -> None:
        """Offer what `account` may see, and choose its own data; nothing without one."""
        self._account = account
        self.setEnabled(account is not None)
        with QSignalBlocker(self._groups):
            self._groups.clear()
            if account is not None:
                self._list_groups(account)
        if account is None:
            self._owners.clear()
        else:
            self._choose_group()

    def scope(self) -> Scope | None:
        """Return the chosen scope, None without an account."""
        group = self._groups.currentData(_GROUP)
        if not isinstance(group, Group):
            return None
        owner = self._owners.currentData()
        return Scope(group.id, owner if isinstance(owner, int) else ALL_MEMBERS)

    def _list_groups(self, account: Account) -> None:
        for row, (choice, group) in enumerate(group_choices(account)):
            self._groups.addItem(icons.icon(f"group-{permission_level(group)}"), choice.label, choice.id)
            self._groups.setItemData(row, group, _GROUP)
            self._groups.setItemData(row, permission_words(group), Qt.ItemDataRole.ToolTipRole)
        self._groups.setCurrentIndex(self._groups.findData(default_scope(account).group_id))

    def _choose_group(self) -> None:
        group = self._groups.currentData(_GROUP)
        if self._account is None or not isinstance(group, Group):
            return
        self._groups.setToolTip(permission_words(group))
        with QSignalBlocker(self._owners):
            wanted = self._owners.currentText()
            self._owners.clear()
            for choice in owner_choices(self._account, group):
                name = "users" if choice.id is ALL_MEMBERS else "user"
                self._owners.addItem(icons.icon(name), choice.label, choice.id)
            self._owners.setCurrentIndex(max(0, self._owners.findText(wanted)))
        self._choose()

    def _choose(self) -> None:
        scope = self.scope()
        if scope is not None:
            self.chosen.emit(scope)


class _Chooser(QComboBox):
    """Shows a name that it has no room for with dots at its end."""

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, field, self).width() - option.iconSize.width() - _BESIDE
        text = option.currentText
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


def _chooser(name: str) -> QComboBox:
    chooser = _Chooser()
    chooser.setAccessibleName(name)
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    chooser.setMinimumContentsLength(4)
    chooser.setProperty("flat", True)
    chooser.view().setMinimumWidth(_LIST)
    return chooser
