"""What a section holds that is looked up, in each state: loading, a problem, nothing known, contents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from omero_desk.entities.sentences import Text
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.translation import say
from omero_desk.views.annotations.section_body import SECOND, ProblemLine
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.loading import LoadingLine
from omero_desk.views.widgets.words import Words

Value = TypeVar("Value")


class LookupBody(QWidget, Generic[Value]):
    """Shows what a lookup finds in `content`, by `fill`, which says whether there is anything; else it says `empty`."""

    def __init__(
        self,
        lookup: Lookup[Any, Value],
        content: QWidget,
        fill: Callable[[Value], bool],
        empty: Text,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.lookup, self.content = lookup, content
        self._fill, self._empty = fill, empty
        self._shown: Value | None = None
        self._loading = LoadingLine()
        self.problem = ProblemLine()
        self.problem.again.clicked.connect(lambda _checked=False: lookup.again())
        self.words = Words(wordWrap=True)
        self.words.setProperty("role", "faint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        for part in (self._loading, self.problem, self.words, content):
            column.addWidget(part)
        self.setMinimumHeight(SECOND)
        lookup.changed.connect(self._show)
        self._show()

    def open(self, is_open: bool = True) -> None:
        """Have it read once it is open."""
        self.lookup.want(is_open)

    def forget(self) -> None:
        """Have nothing read any more, as the dialog around it closes."""
        self.lookup.want(False)
        self.lookup.look_at(None)

    def _show(self) -> None:
        lookup = self.lookup
        loading = self._loading.loading
        (loading.begin if lookup.is_loading and lookup.value is None else loading.end)()
        self.problem.tell(lookup.problem.text if lookup.problem is not None else "")
        is_something = False
        if lookup.value is not None:
            is_something = self._fill(lookup.value)
        self.content.setVisible(is_something)
        self.words.setText("" if is_something or not lookup.is_known else say(self._empty))
        self.words.setVisible(bool(self.words.text()))
