"""The data of a row by role: texts, icon and keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt

from omero_desk.entities.objects import ALL_MEMBERS, Account, Scope
from omero_desk.models import labels
from omero_desk.models.quantities import count
from omero_desk.models.translation import plural
from omero_desk.models.tree.node import StatusRow, TreeNode
from omero_desk.models.tree.node_model import Column


class Role(IntEnum):
    """Our roles beside Qt's own: `REF` is None for a row that is no object, `OWNER` "" if it is the usual one."""

    REF = Qt.ItemDataRole.UserRole + 1
    KIND = Qt.ItemDataRole.UserRole + 2
    NAME = Qt.ItemDataRole.UserRole + 3
    COUNT = Qt.ItemDataRole.UserRole + 4
    OWNER = Qt.ItemDataRole.UserRole + 5


class RowData:
    """The data of every role; `account` names owners, `icon` gives that of a kind, `scope` the usual owner."""

    def __init__(
        self,
        account: Callable[[], Account | None],
        icon: Callable[[str], object],
        scope: Callable[[], Scope | None] = lambda: None,
    ) -> None:
        self._account, self._scope = account, scope
        self._icon = icon
        self._answers: Final[dict[int, Callable[[TreeNode, int], object]]] = {
            Qt.ItemDataRole.DisplayRole: self._text,
            Qt.ItemDataRole.DecorationRole: self._decoration,
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            Qt.ItemDataRole.AccessibleTextRole: self._accessible_text,
            Qt.ItemDataRole.TextAlignmentRole: self._alignment,
            Role.REF: lambda node, column: None if isinstance(node, StatusRow) else node.entity.ref,
            Role.KIND: lambda node, column: node.entity.ref.kind,
            Role.NAME: lambda node, column: self._name(node),
            Role.COUNT: lambda node, column: labels.count(node.child_count).strip("()"),
            Role.OWNER: lambda node, column: self._owner(node),
        }

    def of(self, node: TreeNode, column: int, role: int) -> object:
        """Return the data of a cell, None where it has none for the role."""
        answer = self._answers.get(role)
        return answer(node, column) if answer else None

    def _name(self, node: TreeNode) -> str:
        return node.entity.name if isinstance(node, StatusRow) else labels.name(node.entity)

    def _owner(self, node: TreeNode) -> str:
        """Return the owner where it is not the one whose data is looked at; among all members, not the user."""
        account, scope, owner = self._account(), self._scope(), node.entity.owner_id
        if account is None or scope is None or owner is None:
            return ""
        usual = account.user.id if scope.owner_id is ALL_MEMBERS else scope.owner_id
        return "" if owner == usual else labels.owner(owner, account)

    def _text(self, node: TreeNode, column: int) -> str:
        if column == Column.ANNOTATIONS:
            number = node.entity.annotation_count
            return "" if number is None else count(number)
        return f"{self._name(node)} {labels.count(node.child_count)}".rstrip()

    def _decoration(self, node: TreeNode, column: int) -> object:
        return self._icon(node.entity.ref.kind) if column == Column.NAME else None

    def _tooltip(self, node: TreeNode, column: int) -> str:
        if isinstance(node, StatusRow):
            return labels.status_tooltip(node.entity.name, node.detail)
        return labels.tooltip(node.entity, self._account())

    def _accessible_text(self, node: TreeNode, column: int) -> str:
        if column == Column.ANNOTATIONS:
            number = node.entity.annotation_count
            return "" if number is None else plural("Tree", "%n annotations", "%n annotation", number)
        text = self._text(node, column)
        if isinstance(node, StatusRow):
            return text
        return f"{labels.kind_name(node.entity.ref.kind)} {text} {self._owner(node)}".rstrip()

    def _alignment(self, node: TreeNode, column: int) -> object:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if column == Column.ANNOTATIONS else None
