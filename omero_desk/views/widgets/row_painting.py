"""What the rows of trees, lists and tables have in common: the ground that says what is selected, hovered, focused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Radius, Tokens
from omero_desk.views.widgets.painting import saved

_MARGIN: Final = 4
"""Pixels beside the ground of a row that spans its view."""


def is_selected(option: QStyleOptionViewItem) -> bool:
    """Return whether a row is selected."""
    return bool(option.state & QStyle.StateFlag.State_Selected)


def ground_of(option: QStyleOptionViewItem, tokens: Tokens) -> str | None:
    """Return the colour behind a row: selected, selected while the focus is elsewhere, under the mouse, or none."""
    if is_selected(option):
        return tokens.selection if option.state & QStyle.StateFlag.State_Active else tokens.selection_idle
    return tokens.hover if option.state & QStyle.StateFlag.State_MouseOver else None


def paint_row(painter: QPainter, option: QStyleOptionViewItem, row: QRect) -> None:
    """Paint the ground of a row that spans its view, with a ring where the focus is on a row not selected."""
    tokens = current()
    ground = ground_of(option, tokens)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus) and not is_selected(option)
    if ground is None and not focused:
        return
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.focus), 1) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        area = QRectF(row).adjusted(_MARGIN, 0.5, -_MARGIN, -0.5)
        painter.drawRoundedRect(area, Radius.CONTROL, Radius.CONTROL)


def words_colour(option: QStyleOptionViewItem, role: str = "text") -> QColor:
    """Return the colour of words in a row: of a role of the theme, unless it is selected or disabled."""
    tokens = current()
    if not option.state & QStyle.StateFlag.State_Enabled:
        return QColor(tokens.disabled)
    if is_selected(option):
        return QColor(tokens.selection_text if role == "text" else tokens.text_quiet)
    return QColor(getattr(tokens, role))
