"""How an image was taken: a titled group of facts for each part of the microscope."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omero_desk.entities.annotations import FactGroup
from omero_desk.entities.sentences import Text, mark
from omero_desk.models.annotations.description import Fact
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import shortened
from omero_desk.models.translation import say
from omero_desk.views.annotations.facts_list import Facts
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.flow_layout import empty
from omero_desk.views.widgets.words import Words


class FactGroups(QWidget):
    """Shows groups of facts, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TINY)
        self._shown: Sequence[FactGroup] = ()

    def show_groups(self, groups: Sequence[FactGroup]) -> bool:
        """Show these and no others; returns whether there are any."""
        if groups == self._shown:
            return bool(groups)
        self._shown = groups
        empty(self._column)
        shown = []
        for number, group in enumerate(groups):
            facts = Facts()
            facts.show_rows([_fact(term, value) for term, value in group.facts])
            self._column.addWidget(_head(say(group.title), is_first=number == 0))
            self._column.addWidget(facts)
            shown.append(facts)
        widest = max((facts.term_width for facts in shown), default=0)
        for facts in shown:
            facts.widen_terms(widest)
        return bool(groups)


def acquisition_section(lookup: Lookup[int, Sequence[FactGroup]]) -> LookupBody[Sequence[FactGroup]]:
    """Return what the section holds."""
    groups = FactGroups()
    return LookupBody(lookup, groups, groups.show_groups, mark("Annotations", "Nothing is known of how it was taken"))


def _head(title: str, is_first: bool) -> Words:
    head = Words(title, wordWrap=True)
    bold = QFont(head.font())
    bold.setWeight(QFont.Weight.DemiBold)
    head.setFont(bold)
    head.setContentsMargins(0, 0 if is_first else Space.SMALL, 0, 0)
    return head


def _fact(term: Text, value: str | Text) -> Fact:
    text = say(value) if isinstance(value, Text) else value
    return Fact(say(term), shortened(text), text)
