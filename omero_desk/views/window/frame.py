"""The regions of the window: left, centre, inspector and bottom, which the user sizes and hides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.tokens import Width
from omero_desk.views.widgets.page import PageTabs

_NARROW: Final = 1000
"""Pixels of width below which the inspector lies over the centre, when it is asked for."""
_TALLEST: Final = 0.45
"""The most of the height that the bottom takes."""
_BOTTOM: Final = 220
_LEAST_BOTTOM: Final = 80
"""Pixels of height: with it the window fits a screen of 500, its frame included."""


class Region(Enum):
    """The regions that can be hidden; the value is what the settings call one."""

    LEFT = "left"
    INSPECTOR = "inspector"
    BOTTOM = "bottom"


class Frame(QWidget):
    """Arranges the regions. `changed`: one was shown or hidden."""

    changed = Signal()

    def __init__(self, left: QWidget, centre: QWidget, inspector: PageTabs, bottom: PageTabs) -> None:
        super().__init__()
        self._regions = {Region.LEFT: left, Region.INSPECTOR: inspector, Region.BOTTOM: bottom}
        self._wanted = {Region.LEFT: True, Region.INSPECTOR: True, Region.BOTTOM: False}
        self._is_over = False
        self._widths = {Region.LEFT: Width.LEFT[1], Region.INSPECTOR: Width.INSPECTOR[1]}
        """As the user wants them: a window that is narrow for a while changes nothing of that."""
        _bound(left, Width.LEFT)
        _bound(inspector, Width.INSPECTOR)
        for widget in (left, inspector, bottom):
            widget.setProperty("ground", "panel")
            widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bottom.setMinimumHeight(_LEAST_BOTTOM)
        self._middle = _Middle(Qt.Orientation.Vertical)
        _fill(self._middle, centre, bottom)
        self._middle.setStretchFactor(0, 1)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        _fill(self._across, left, self._middle, inspector)
        self._across.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._across)
        self._resize({})
        self._across.splitterMoved.connect(self._note_widths)
        inspector.opened.connect(lambda: self.show_region(Region.INSPECTOR))
        bottom.opened.connect(lambda: self.show_region(Region.BOTTOM))
        for region in Region:
            self._regions[region].setVisible(self._wanted[region])

    def is_shown(self, region: Region) -> bool:
        """Return whether a region is there, or would be if the window were."""
        return not self._regions[region].isHidden()

    def show_region(self, region: Region, shown: bool = True) -> None:
        """Show or hide a region."""
        self._wanted[region] = shown
        self._regions[region].setVisible(shown)
        if region is Region.BOTTOM and shown:
            self._open_bottom()
        self._place_over()
        self.changed.emit()

    def save_state(self) -> Mapping[str, Any]:
        """Return the sizes in logical pixels and what is hidden, as JSON can hold them."""
        sizes = {**self._widths, Region.BOTTOM: self._middle.sizes()[-1]}
        return {region.value: [sizes[region], self._wanted[region]] for region in Region}

    def restore_state(self, state: object) -> None:
        """Restore what `save_state` returned; what is not that is passed over."""
        found: dict[Region, int] = {}
        for region in Region:
            match state.get(region.value) if isinstance(state, Mapping) else None:
                case [int(size), bool(shown)]:
                    found[region] = size
                    self.show_region(region, shown)
        self._resize({region: size for region, size in found.items() if size > 0})

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        """Return the least size without the inspector, which leaves the row where there is little room."""
        left, middle = self._regions[Region.LEFT], self._middle.minimumSizeHint()
        return QSize(left.minimumWidth() + max(Width.LEAST_CENTRE, middle.width()), middle.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the centre its room, and most of the height."""
        super().resizeEvent(event)
        self._bound_bottom()
        if self._is_over is not (self.width() < _NARROW):
            self._lay_over(self.width() < _NARROW)
        self._place_over()

    def _bound_bottom(self) -> None:
        """Leave the centre most of the height, and all that the bottom may not have."""
        most = max(_LEAST_BOTTOM, int(self.height() * _TALLEST))
        self._regions[Region.BOTTOM].setMaximumHeight(most)
        bottom = self._middle.sizes()[-1]
        if bottom > most:  # a splitter leaves what is over empty
            self._middle.setSizes([self._middle.height() - self._middle.handleWidth() - most, most])

    def _open_bottom(self) -> None:
        """Give the bottom the height that it had, or what it may have of that."""
        bottom = self._regions[Region.BOTTOM]
        height = min(self._middle.sizes()[-1] or _BOTTOM, bottom.maximumHeight())
        self._middle.setSizes([max(0, self._middle.height() - height), height])

    def _resize(self, sizes: Mapping[Region, int]) -> None:
        self._widths |= {region: sizes[region] for region in self._widths if region in sizes}
        self._share_width()
        bottom = sizes.get(Region.BOTTOM, _BOTTOM)
        self._middle.setSizes([max(0, self.height() - bottom), bottom])

    def _note_widths(self) -> None:
        """Take over what the user has dragged a border to."""
        sizes = self._across.sizes()
        if sizes[0]:
            self._widths[Region.LEFT] = sizes[0]
        if sizes[-1] and not self._is_over:
            self._widths[Region.INSPECTOR] = sizes[-1]

    def _share_width(self) -> None:
        left, inspector = self._widths[Region.LEFT], self._widths[Region.INSPECTOR]
        self._across.setSizes([left, max(Width.LEAST_CENTRE, self.width() - left - inspector), inspector])

    def _lay_over(self, over: bool) -> None:
        """Take the inspector out of the row of regions, hidden until it is asked for; or put it back."""
        inspector = self._regions[Region.INSPECTOR]
        self._is_over = over
        if over:
            inspector.setParent(self)
            inspector.hide()
        else:
            self._across.addWidget(inspector)
            inspector.setVisible(self._wanted[Region.INSPECTOR])
            self._share_width()
        self.changed.emit()

    def _place_over(self) -> None:
        if self._is_over:
            inspector = self._regions[Region.INSPECTOR]
            width = min(Width.INSPECTOR[1], self.width())
            left = 0 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self.width() - width
            inspector.setGeometry(left, 0, width, self.height())
            inspector.raise_()


def _bound(widget: QWidget, widths: tuple[int, int, int]) -> None:
    widget.setMinimumWidth(widths[0])
    widget.setMaximumWidth(widths[2])


def _fill(splitter: QSplitter, *widgets: QWidget) -> None:
    splitter.setHandleWidth(1)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setChildrenCollapsible(False)


class _Middle(QSplitter):
    """The centre with the bottom below it."""

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(Width.LEAST_CENTRE, 0))
