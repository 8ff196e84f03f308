"""The menu of the selected rows: how many annotations they have, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtGui import QAction, QFont, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.gateway.entities import AnnotationCounts, Entity, Kind
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.views import icons

_KINDS: Final = (
    ("Tags", "tag", "tags"),
    ("Key-value pairs", "key-value", "key_values"),
    ("Comments", "comment", "comments"),
    ("Files", "file", "files"),
    ("Ratings", "rating", "ratings"),
    ("Other", "object", "other"),
)


class NodeMenu(QMenu):
    """Opens at once and counts meanwhile: its rows change in place when the counts arrive.

    Choosing a row with a count copies the row.
    """

    def __init__(self, counts: AnnotationCountsModel, entities: Sequence[Entity], parent: QWidget) -> None:
        super().__init__("Annotations", parent)
        self._counts = counts
        self._entities = entities
        self._total = self._row("annotations")
        self._total.setFont(_bold(self.font()))
        self._kinds = [(self._row(icon), label, field) for label, icon, field in _KINDS] if entities else []
        counts.changed.connect(self._show_counts)
        self._show_counts()
        self._add_copies()

    def add(self, text: str, icon: str, act: Callable[[], object]) -> QAction:
        """Add something to do."""
        action = self.addAction(icons.icon(icon), text) if icon else self.addAction(text)
        action.triggered.connect(lambda _checked: act())
        return action

    def _row(self, icon: str) -> QAction:
        row = self.addAction(icons.icon(icon), "")
        row.triggered.connect(lambda _checked: _copy([row.text()]))
        return row

    def _add_copies(self) -> None:
        self.addSeparator()
        objects = [entity for entity in self._entities if entity.ref.kind != Kind.ORPHANED_IMAGES]
        names = "Copy name" if len(self._entities) == 1 else "Copy names"
        self.add(names, "copy", lambda: _copy(entity.name for entity in self._entities))
        ids = self.add(
            "Copy ID" if len(objects) == 1 else "Copy IDs",
            "",
            lambda: _copy(f"{entity.ref.kind}:{entity.ref.id}" for entity in objects),
        )
        ids.setEnabled(bool(objects))

    def _show_counts(self) -> None:
        counts = self._counts
        self._total.setText(_headline(counts, self._entities))
        for row, label, field in self._kinds:
            row.setVisible(counts.objects > 0 and not counts.problem)
            row.setText(f"{label}: {_number(counts.total, field)}")


def _headline(counts: AnnotationCountsModel, entities: Sequence[Entity]) -> str:
    if not counts.objects:
        one_folder = len(entities) == 1 and entities[0].ref.kind == Kind.ORPHANED_IMAGES
        return "A folder has no annotations" if one_folder else "Nothing selected can have annotations"
    if counts.problem:
        return f"Annotations could not be counted: {counts.problem}"
    on = f" on {counts.objects:,} objects" if counts.objects > 1 else ""
    return f"Annotations: {_number(counts.total, 'total')}{on}"


def _number(total: AnnotationCounts | None, field: str) -> str:
    return "…" if total is None else f"{getattr(total, field):,}"


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _copy(texts: Iterable[str]) -> None:
    QGuiApplication.clipboard().setText("\n".join(texts))
