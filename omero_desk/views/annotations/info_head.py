"""The head of the page of information: the picture, the name, and whose it is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.views.annotations.stars import Stars
from omero_desk.views.gallery.thumbnail_pixmaps import decoded
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Icon, Radius, Space
from omero_desk.views.widgets.icon_label import small_button
from omero_desk.views.widgets.painting import scaled
from omero_desk.views.widgets.words import OneLine, Words

_SIDE: Final = 72
_SIGN: Final = 40
_DECODED: Final = 2 * _SIDE
"""The longest side in pixels to which a picture is decoded: enough for screens of twice the density."""
_LONGEST: Final = 120
"""Letters of a name that wraps here; its tool tip has them all."""


class InfoHead(QWidget):
    """Shows what one object, or several, are called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Picture()
        self.title = Words(wordWrap=True)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = scaled(self.title.font(), FontScale.TITLE)
        bold.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(bold)
        self.subtitle = OneLine()
        self.subtitle.setProperty("role", "quiet")
        self.stars = Stars()
        self._rating = OneLine()
        rating = QHBoxLayout()
        rating.setSpacing(Space.SMALL)
        rating.addWidget(self.stars)
        rating.addWidget(self._rating)
        rating.addStretch(1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        self._buttons.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.subtitle)
        texts.addLayout(rating)
        texts.addLayout(self._buttons)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def offer(self, action: QAction) -> None:
        """Show a button for an action."""
        button = QToolButton(autoRaise=True)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(Icon.ROW, Icon.ROW))
        button.setProperty("size", "small")
        button.setAccessibleName(action.toolTip() or action.text())
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def offer_menu(self, icon: str, name: str, menu: QMenu) -> QToolButton:
        """Show a button for a menu, and return it."""
        button = small_button(icon, name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def show_object(self, title: str, subtitle: str, icon: QIcon, picture: bytes) -> None:
        """Show a name, a line below it, and a JPEG picture or else an icon."""
        self.title.setText(title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…")
        self.title.setToolTip(unmarked(title))
        self.subtitle.say(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self._picture.show_picture(picture, icon)

    def show_rating(self, stars: int, words: str, is_problem: bool = False) -> None:
        """Show the user's own stars, and words on those of all, or on why one's own were not saved."""
        self.stars.show_stars(stars)
        self._rating.setProperty("role", "danger" if is_problem else "faint")
        self._rating.say(words)
        self._rating.style().polish(self._rating)


class Picture(QWidget):
    """A JPEG picture on the canvas' colour, whole; or an icon where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bytes, self._icon, self._pixmap = b"", QIcon(), QPixmap()
        self.setFixedSize(_SIDE, _SIDE)

    def show_picture(self, picture: bytes, icon: QIcon) -> None:
        """Show another picture; bytes that are none show the icon."""
        if picture != self._bytes:
            self._bytes = picture
            self._pixmap = QPixmap.fromImage(decoded(picture, _DECODED)) if picture else QPixmap()
        self._icon = icon
        self.update()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        has_picture = not self._pixmap.isNull()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current().canvas if has_picture else current().hover))
        painter.drawRoundedRect(self.rect(), Radius.SMALL, Radius.SMALL)
        if has_picture:
            size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(self.rect().center())
            painter.drawPixmap(place, self._pixmap)
        else:
            place = QRect(0, 0, _SIGN, _SIGN)
            place.moveCenter(self.rect().center())
            self._icon.paint(painter, place)
        painter.end()
