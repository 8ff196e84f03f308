"""What lies over a widget and never moves its content: the banners at its top, the toast at its bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.translation import plural
from omero_desk.views.messages.toast import Toast
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import Banner

_MOVES: Final = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange)


class BannerStack(QWidget):
    """Shows at most one of its banners: the first that has something to tell, unless the user asks for the others.

    `changed`: another one is seen, or it tells something else.
    """

    changed = Signal()

    def __init__(self, banners: Iterable[Banner], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners = list(banners)
        self._first: Banner | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for banner in self._banners:
            column.addWidget(banner)
            banner.wants_changed.connect(self._show)
            banner.others.clicked.connect(self._turn)
        self._show()

    @property
    def front(self) -> Banner | None:
        """The one that is seen."""
        telling = [banner for banner in self._banners if banner.number]
        return self._first if self._first in telling else next(iter(telling), None)

    def height_at(self, width: int) -> int:
        """Return the height that what is seen needs at a width."""
        front = self.front
        layout = front.layout() if front is not None else None
        if layout is None:
            return 0
        layout.invalidate()
        layout.activate()  # which also makes the rows within it forget their heights
        return layout.totalHeightForWidth(width)

    def _show(self) -> None:
        front, others = self.front, sum(banner.number for banner in self._banners) - 1
        for banner in self._banners:
            banner.setVisible(banner is front)
        if front is not None:
            front.others.setText(plural("Window", "%n more", "%n more", others))
            front.others.setVisible(others > 0)
        self.setVisible(front is not None)
        self.changed.emit()

    def _turn(self) -> None:
        """Show the next of all that there is to tell."""
        front = self.front
        if front is not None and not front.turn():
            telling = [banner for banner in self._banners if banner.number]
            self._first = telling[(telling.index(front) + 1) % len(telling)]
        self._show()


class Overlay(QObject):
    """Keeps the banners and the toast where they belong, over `place`: in tabs over the page that is in front."""

    def __init__(self, place: QWidget, banners: BannerStack, toast: Toast) -> None:
        super().__init__(place)
        self._place, self._banners, self._toast = place, banners, toast
        for widget in (banners, toast):
            widget.setParent(place)
            widget.installEventFilter(self)
        place.installEventFilter(self)
        if isinstance(place, QTabWidget):
            place.tabBar().installEventFilter(self)
        banners.setVisible(banners.front is not None)
        banners.changed.connect(self._arrange)
        self._arrange()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES or event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        area = self._area()
        if not self._banners.isHidden():
            width = max(area.width() - 2 * Space.SMALL, 0)
            self._banners.resize(width, self._banners.height_at(width))
            self._banners.move(area.left() + Space.SMALL, area.top() + Space.SMALL)
            self._banners.raise_()
        if not self._toast.isHidden():
            width = min(self._toast.sizeHint().width(), area.width() - 2 * Space.LARGE)
            self._toast.resize(width, self._toast.height())
            left = area.left() + (area.width() - width) // 2
            self._toast.move(left, area.bottom() - Space.LARGE - self._toast.height())
            self._toast.raise_()

    def _area(self) -> QRect:
        """Return where the content is."""
        area = self._place.rect()
        if isinstance(self._place, QTabWidget) and not self._place.tabBar().isHidden():
            area.setTop(self._place.tabBar().geometry().bottom() + 1)
        return area
