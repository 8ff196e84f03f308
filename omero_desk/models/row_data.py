"""What a view shows of a row: texts, icon and keys, by Qt's roles and ours."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt

from omero_desk.gateway.entities import Account
from omero_desk.models import labels
from omero_desk.models.node import Node, StatusRow
from omero_desk.models.node_model import Column


class Role(IntEnum):
    """What a view can ask of a row beyond Qt's own roles: `REF` is None for a row that stands for no object."""

    REF = Qt.ItemDataRole.UserRole + 1
    KIND = Qt.ItemDataRole.UserRole + 2
    NAME = Qt.ItemDataRole.UserRole + 3
    COUNT = Qt.ItemDataRole.UserRole + 4


class RowData:
    """Answers for every role; `account` tells who is who, `icon` gives what stands before a kind's names."""

    def __init__(self, account: Callable[[], Account | None], icon: Callable[[str], object]) -> None:
        self._account = account
        self._icon = icon
        self._answers: Final[dict[int, Callable[[Node, int], object]]] = {
            Qt.ItemDataRole.DisplayRole: self._text,
            Qt.ItemDataRole.DecorationRole: self._decoration,
            Qt.ItemDataRole.ToolTipRole: self._tooltip,
            Qt.ItemDataRole.AccessibleTextRole: self._accessible_text,
            Qt.ItemDataRole.TextAlignmentRole: self._alignment,
            Role.REF: lambda node, column: None if isinstance(node, StatusRow) else node.entity.ref,
            Role.KIND: lambda node, column: node.entity.ref.kind,
            Role.NAME: lambda node, column: self._name(node),
            Role.COUNT: lambda node, column: labels.count(node.child_count),
        }

    def of(self, node: Node, column: int, role: int) -> object:
        """The answer for one cell; None where there is nothing to say."""
        answer = self._answers.get(role)
        return answer(node, column) if answer else None

    def _name(self, node: Node) -> str:
        return node.entity.name if isinstance(node, StatusRow) else labels.name(node.entity)

    def _text(self, node: Node, column: int) -> str:
        if column == Column.ANNOTATIONS:
            number = node.entity.annotation_count
            return "" if number is None else f"{number:,}"
        return f"{self._name(node)} {labels.count(node.child_count)}".rstrip()

    def _decoration(self, node: Node, column: int) -> object:
        return self._icon(node.entity.ref.kind) if column == Column.NAME else None

    def _tooltip(self, node: Node, column: int) -> str:
        if isinstance(node, StatusRow):
            return labels.status_tooltip(node.entity.name, node.detail)
        return labels.tooltip(node.entity, self._account())

    def _accessible_text(self, node: Node, column: int) -> str:
        text = self._text(node, column)
        if column == Column.ANNOTATIONS:
            return f"{text} annotations" if text else ""
        return text if isinstance(node, StatusRow) else f"{labels.kind_name(node.entity.ref.kind)} {text}"

    def _alignment(self, node: Node, column: int) -> object:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if column == Column.ANNOTATIONS else None
