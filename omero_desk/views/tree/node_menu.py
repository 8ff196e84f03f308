"""The context menu of selected objects: the numbers of their annotations, and commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from omero_desk.entities.objects import AnnotationCounts, Entity, Kind
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.guard import guarded
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Radius
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved

_KINDS: Final = (
    (mark("Tree", "Tags: {number}"), "tag", "tags", "tags"),
    (mark("Tree", "Key-value pairs: {number}"), "key-value", "key_values", "key_values"),
    (mark("Tree", "Comments: {number}"), "comment", "comments", "comments"),
    (mark("Tree", "Files: {number}"), "file", "files", "attachments"),
    (mark("Tree", "Ratings: {number}"), "rating", "ratings", "details"),
    (mark("Tree", "Other: {number}"), "object", "other", "others"),
)
"""The words, the icon, the field of the counts, and the section of the inspector of each kind."""
_TINT: Final = 26
"""How much of 255 the ground of the numbers has of its colour."""
_EDGE: Final = 3


class NodeMenu(QMenu):
    """Opens at once and counts meanwhile: its rows change in place when the counts arrive.

    The numbers stand first, on a ground of their own: choosing one calls `show_info` with the section of its kind.
    `fill` adds the commands, of which the first is what a double click does.
    """

    def __init__(
        self,
        counts: AnnotationCountsModel,
        entities: Sequence[Entity],
        parent: QWidget,
        fill: Callable[[QMenu], object] = lambda menu: None,
        show_info: Callable[[str], object] = lambda section: None,
    ) -> None:
        super().__init__(translate("Tree", "Annotations"), parent)
        self.setToolTipsVisible(True)
        self._counts = counts
        self._entities = entities
        self._show_info = show_info
        self.aboutToHide.connect(counts.give_up)
        self._total = self._row("annotations", "")
        self._total.setFont(_bold(self.font()))
        self._kinds = (
            [(self._row(icon, section), label, field) for label, icon, field, section in _KINDS] if entities else []
        )
        counts.changed.connect(self._show_counts)
        self._show_counts()
        separator = self.addSeparator()
        fill(self)
        below = self.actions()[self.actions().index(separator) + 1 :]
        commands = [action for action in below if not action.isSeparator()]
        if commands:
            self._stress(commands[0])

    def _stress(self, action: QAction) -> None:
        """Show in bold what a double click does, here alone: other menus have the action too."""
        self.setDefaultAction(action)
        action.setFont(_bold(self.font()))
        self.aboutToHide.connect(lambda: action.setFont(QFont()))

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of the numbers over what the style paints, thin enough to read through."""
        super().paintEvent(event)
        area = QRect()
        for row in (self._total, *(row for row, _label, _field in self._kinds)):
            area = area.united(self.actionGeometry(row)) if row.isVisible() else area
        painter = QPainter(self)
        with saved(painter):
            colour = QColor(current().info)
            edge = QRect(area.left(), area.top(), _EDGE, area.height())
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                edge.moveRight(area.right())
            painter.fillRect(edge, colour)
            colour.setAlpha(_TINT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(area), Radius.SMALL, Radius.SMALL)
        painter.end()

    def _row(self, icon: str, section: str) -> QAction:
        row = self.addAction(icons.icon(icon), "")
        row.setToolTip(translate("Tree", "Show it in the inspector"))
        row.triggered.connect(lambda _checked=False: self._show_info(section))
        return row

    def _show_counts(self) -> None:
        counts = self._counts
        self._total.setText(_headline(counts, self._entities))
        for row, label, field in self._kinds:
            number = getattr(counts.total, field) if counts.total is not None and not counts.problem else 0
            row.setVisible(counts.objects > 0 and number > 0)
            row.setText(say(label).format(number=in_digits(number)))


def _headline(counts: AnnotationCountsModel, entities: Sequence[Entity]) -> str:
    objects = counts.objects
    if not objects:
        one_folder = len(entities) == 1 and entities[0].ref.kind == Kind.ORPHANED_IMAGES
        if one_folder:
            return translate("Tree", "A folder has no annotations")
        return translate("Tree", "Nothing selected can have annotations")
    if counts.problem:
        return translate("Tree", "Annotations could not be counted: {why}").format(why=counts.problem)
    number = _number(counts.total, "total")
    if counts.looked_at < counts.selected:
        some = plural(
            "Tree",
            "Annotations: {number} on the first {counted} of %n objects",
            "Annotations: {number} on the first {counted} of %n object",
            counts.selected,
        )
        return some.format(number=number, counted=f"{counts.looked_at:,}")
    if objects == 1:
        return translate("Tree", "Annotations: {number}").format(number=number)
    on = plural("Tree", "Annotations: {number} on %n objects", "Annotations: {number} on %n object", objects)
    return on.format(number=number)


def _number(total: AnnotationCounts | None, field: str) -> str:
    return "…" if total is None else in_digits(getattr(total, field))


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
