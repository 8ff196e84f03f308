"""The two lines above a list of images: where they are and how they show; filter, order, and size of the pictures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.gallery.contents_column import COLUMNS, TITLES, ContentsColumn
from omero_desk.models.guard import guarded
from omero_desk.models.quantities import count, exact, rounded
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.gallery.thumbnail_grid import LARGEST, SMALLEST
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.path_head import PathHead

_FILTER: Final = 90, 210
"""Pixels of the width of the filter: the least and the most."""
_SLIDER: Final = 40, 96
_SMALL_SIGN: Final = 11


class ContentsBar(QWidget):
    """`sorted` carries a column and whether it descends, as the user wants it, `order_shown` as it is; `side_chosen` a
    size; `view_chosen`: another view is on.

    Of the buttons `as_gallery`, `as_table` and `as_sheet` one is on; a sheet sorts by itself, and brings its tools.
    """

    sorted = Signal(ContentsColumn, bool)
    order_shown = Signal(ContentsColumn, bool)
    side_chosen = Signal(int)
    view_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = PathHead()
        self.filter_edit = FilterEdit(translate("Gallery", "Filter by name"))
        self.filter_edit.setMinimumWidth(_FILTER[0])
        self.filter_edit.setMaximumWidth(_FILTER[1])
        self.as_gallery = _button("gallery", translate("Gallery", "Gallery"))
        self.as_table = _button("list", translate("Gallery", "Table"))
        self.as_sheet = _button("table", translate("Gallery", "Spreadsheet"))
        self.descending = QAction(translate("Gallery", "Descending"), self, checkable=True)
        self.descending.setToolTip(translate("Gallery", "Descending: largest, latest or last first"))
        self._orders = QActionGroup(self)
        self._tools: QWidget | None = None
        self.sort = self._sort_button()
        self.slider = size_slider(
            SMALLEST,
            LARGEST,
            translate("Gallery", "Size of thumbnails"),
            translate("Gallery", "Size of thumbnails (Ctrl and the wheel, Ctrl++ and Ctrl+-)"),
        )
        self._lay_out()
        self._views.buttonToggled.connect(self._follow_views)
        self.slider.valueChanged.connect(self.side_chosen)
        self.show_sorting(ContentsColumn.NAME, False)
        self._name_views()

    @property
    def views(self) -> tuple[QToolButton, QToolButton, QToolButton]:
        """The buttons for the views, in their order."""
        return self.as_gallery, self.as_table, self.as_sheet

    @property
    def chosen_column(self) -> ContentsColumn:
        """The column that is sorted by."""
        chosen = self._orders.checkedAction()
        return COLUMNS[self._orders.actions().index(chosen)] if chosen is not None else ContentsColumn.NAME

    def show_sorting(self, column: ContentsColumn, descending: bool) -> None:
        """Show how the images are sorted."""
        with QSignalBlocker(self):
            self._orders.actions()[COLUMNS.index(column)].setChecked(True)
            self.descending.setChecked(descending)
        self.sort.setText(say(TITLES[column]))
        order = translate("Gallery", "descending") if descending else translate("Gallery", "ascending")
        words = translate("Gallery", "Sort by: {column}, {order}").format(column=say(TITLES[column]), order=order)
        self.sort.setAccessibleName(words)
        self.sort.setToolTip(words)
        self.order_shown.emit(column, descending)

    def show_number(self, shown: int, total: int) -> None:
        """Show how many images there are, and pass the filter."""
        if shown == total:
            words = plural("Gallery", "%n images", "%n image", total)
        else:
            counted = plural("Gallery", "{shown} of %n images", "{shown} of %n image", total)
            words = counted.format(shown=count(shown))
        self.head.number.setText(rounded(words, total))
        self.head.number.setToolTip(words if exact(total) else "")
        asked = rounded(plural("Gallery", "Filter %n images", "Filter %n image", total), total)
        self.filter_edit.setPlaceholderText(asked)
        self.filter_edit.setAccessibleName(asked)

    def show_narrow(self, narrow: bool) -> None:
        """Show the order by its icon alone, and the last part of the path, where the window is narrow."""
        self.head.show_narrow(narrow)
        style = Qt.ToolButtonStyle
        self.sort.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)

    def _sort_button(self) -> QToolButton:
        button = _button("sort", "", checkable=False)
        menu = QMenu(button)
        for column in COLUMNS:
            action = menu.addAction(say(TITLES[column]))
            action.setCheckable(True)
            self._orders.addAction(action)
        menu.addSeparator()
        menu.addAction(self.descending)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._orders.triggered.connect(self._tell_sorting)
        self.descending.triggered.connect(self._tell_sorting)
        return button

    def _lay_out(self) -> None:
        self._views = QButtonGroup(self)
        self.head.row.addWidget(segments(*self.views))
        for button in self.views:
            self._views.addButton(button)
        self.as_gallery.setChecked(True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        self._row = row
        row.addWidget(self.filter_edit, 100)
        row.addStretch(1)
        row.addWidget(self.sort)
        self.signs = Sign("image", _SMALL_SIGN), Sign("image", Icon.ROW)
        row.addWidget(self.signs[0])
        row.addWidget(self.slider)
        row.addWidget(self.signs[1])
        stack_bars(self, self.head, row)

    def add_tools(self, tools: QWidget) -> None:
        """Show the tools of the sheet in place of those of the gallery while it is on."""
        self._tools = tools
        tools.hide()
        self._row.insertWidget(1, tools, 300)

    def _follow_views(self, _button: object, on: bool) -> None:
        if not on:
            return
        sheet = self.as_sheet.isChecked()
        for widget in (self.sort, self.slider, *self.signs):
            widget.setVisible(not sheet)
        if self._tools is not None:
            self._tools.setVisible(sheet)
        self._name_views()
        self.view_chosen.emit()

    def _name_views(self) -> None:
        """Show the word of the view that is on, and the icons of the others alone."""
        for button in self.views:
            style = Qt.ToolButtonStyle
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if button.isChecked() else style.ToolButtonIconOnly
            )

    def _tell_sorting(self) -> None:
        self.sorted.emit(self.chosen_column, self.descending.isChecked())


class Sign(QWidget):
    """An icon in the colour of quiet words, `side` logical pixels square."""

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._side = name, side
        self.setFixedSize(side, side)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, icons.pixmap(self._name, self._side, self.devicePixelRatioF(), "text_quiet"))
        painter.end()


def size_slider(least: int, most: int, name: str, tip: str) -> QSlider:
    """Return a slider for the size of pictures."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setPageStep(32)
    slider.setMinimumWidth(_SLIDER[0])
    slider.setMaximumWidth(_SLIDER[1])
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider


def segments(*buttons: QToolButton) -> QFrame:
    """Return a switch of buttons, of which one is on."""
    frame = QFrame()
    frame.setProperty("ground", "segments")
    frame.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    row = QHBoxLayout(frame)
    row.setContentsMargins(1, 1, 1, 1)
    row.setSpacing(0)
    for button in buttons:
        row.addWidget(button)
    return frame


def stack_bars(bar: QWidget, head: QWidget, row: QHBoxLayout) -> None:
    """Lay out the two lines above the content, and a line below them."""
    bar.setProperty("ground", "base")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    lower, line = QWidget(), QFrame()
    lower.setLayout(row)
    line.setProperty("ground", "line")
    line.setFixedHeight(1)
    head.setMinimumHeight(tall(Height.TOOL_BAR, head.font()))
    lower.setMinimumHeight(tall(Height.FILTER_BAR, lower.font()))
    column = QVBoxLayout(bar)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (head, lower):
        part.setContentsMargins(Space.LARGE, 0, Space.MEDIUM, 0)
        column.addWidget(part)
    column.addWidget(line)


def _button(icon: str, words: str, checkable: bool = True) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(Icon.ROW, Icon.ROW))
    button.setText(words)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(words)
    button.setToolTip(words)
    return button
