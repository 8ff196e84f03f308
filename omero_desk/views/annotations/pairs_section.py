"""The section of key-value pairs: a card for each annotation of one object, the common keys of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import OWN_PAIRS, Annotation, Pairs, Section
from omero_desk.entities.edits import Author, SetPairs
from omero_desk.entities.objects import Account, Entity, Kind, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models import labels
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.pairs import (
    Card,
    added_to_all,
    cards,
    common,
    from_text,
    merged,
    pairs_of,
    replaced,
)
from omero_desk.models.annotations.pairs_table import PairsTable
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.annotations.values import share
from omero_desk.models.annotations.who import byline, tip_of
from omero_desk.models.annotations.whose import Whose
from omero_desk.models.labels import shortened, unmarked
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.annotations.pairs_view import PairsView
from omero_desk.views.annotations.section_body import ProblemLine, SectionBody
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.flow_layout import empty
from omero_desk.views.widgets.state_card import flush_button
from omero_desk.views.widgets.words import OneLine

_MOST_KEYS: Final = 100
_NEW: Final = None
"""The key of the card that no annotation has been made of."""
_MOST_INHERITED: Final = 20
_FROM: Final = {
    Kind.PROJECT: mark("Annotations", "From project “{name}”"),
    Kind.DATASET: mark("Annotations", "From dataset “{name}”"),
    Kind.SCREEN: mark("Annotations", "From screen “{name}”"),
    Kind.PLATE: mark("Annotations", "From plate “{name}”"),
    Kind.RUN: mark("Annotations", "From run “{name}”"),
    Kind.WELL: mark("Annotations", "From well “{name}”"),
}


class PairsSection(SectionBody):
    """Shows the key-value pairs of what is selected, and lets the user edit the own ones in place."""

    empty = mark("Annotations", "No key-value pairs")

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        inherited: Lookup[Ref, Sequence[Annotation]],
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Section.KEY_VALUES, model, parent)
        self._edits, self._account = edits, account
        self.cards: list[PairsCard] = []
        self._refs: tuple[Ref, ...] = ()
        self._entities: Sequence[Entity] = ()
        self._author: Author | None = None
        """The objects of the cards, and who sees them: what is still being typed when others are shown is of these."""
        self._is_adding = False
        self._places = QVBoxLayout()
        self._places.setSpacing(Space.SMALL)
        self._common = CommonKeys()
        self.inherited = InheritedPairs(model, inherited)
        self.add_button = flush_button(translate("Annotations", "Add pair"))
        self.add_button.clicked.connect(lambda _checked=False: self.add())
        self.paste_button = flush_button(translate("Annotations", "Paste pairs"))
        self.paste_button.setToolTip(translate("Annotations", "Add the two columns that were copied elsewhere"))
        self.paste_button.clicked.connect(lambda _checked=False: self.paste())
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.MEDIUM)
        for button in (self.add_button, self.paste_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(self._places)
        self.column.addWidget(self._common)
        self.column.addLayout(buttons)
        self.column.addWidget(self.inherited)
        model.changed.connect(self._follow)
        self._follow()

    @override
    def fill(self, annotations: Sequence[Annotation], edits: Sequence[PendingEdit]) -> bool:
        several = len(self.model.refs) > 1
        found = [] if several else cards(annotations, edits, self._user_id, *self.model.refs)
        self._common.show_keys(annotations if several else (), len(self.model.refs))
        self._show_cards(found)
        several_are_on_way = several and bool(self.model.pending(self.section))
        self.paste_button.setEnabled(self._is_known and not several_are_on_way)
        if self._is_adding and self._is_known:
            self.add()
        return bool(annotations or found)

    def add(self) -> None:
        """Let the user type a pair: into the own card, which has to be in sight for that, or into a new one."""
        if self.model.whose is Whose.OTHERS:
            self.model.show(Whose.ALL)
        self._is_adding = not self._is_known
        if self._is_adding:
            return  # what there is comes first
        own = next((card for card in self.cards if card.card.is_own and card.card.can_edit), None)
        if own is None:
            own = self._new_card()
        own.view.add()

    def paste(self) -> None:
        """Add the pairs on the clipboard to all that is selected."""
        self._take_pairs(from_text(QGuiApplication.clipboard().text()))

    def _take_pairs(self, pairs: Pairs) -> None:
        annotations = self.model.all_contents(self.section).annotations
        if not pairs or not self._may_add or annotations is None:
            return
        if len(self.model.refs) == 1:  # what is on its way counts as well
            own = next((one.card for one in self.cards if one.card.is_own and one.card.can_edit), Card(None, ()))
            self._edit(own, merged(own.pairs, pairs))
        elif not self.model.pending(self.section):
            self._edits.add_pairs(added_to_all(self.model.able, annotations, pairs, self._user_id))

    def _show_cards(self, found: list[Card], keep_begun: bool = True) -> None:
        """Show cards; those that are there already, or were begun, keep the focus and what is being typed."""
        known = {card.key: card for card in self.cards}
        shown = []
        for card in found:
            widget = known.pop(_key(card), None)
            if widget is None and card.is_own:
                widget = known.pop(_NEW, None)  # the annotation that was made of it has its number now
            if widget is None:
                widget = PairsCard(card, self._account())
                widget.changed.connect(self._edit)
            else:
                widget.show_card(card, self._account())
            shown.append(widget)
        begun = known.get(_NEW)
        if keep_begun and begun is not None and begun.card.pending is None:
            shown.append(known.pop(_NEW))  # nothing of it was sent yet
        for gone in [card for card in self.cards if card not in shown]:
            gone.hide()
            gone.deleteLater()
        for place, widget in enumerate(shown):
            if self._places.indexOf(widget) != place:
                self._places.insertWidget(place, widget)
        self.cards = shown

    def _new_card(self) -> PairsCard:
        card = PairsCard(Card(None, ()), self._account())
        card.changed.connect(self._edit)
        self._places.addWidget(card)
        self.cards.append(card)
        return card

    def _edit(self, card: Card, pairs: Pairs) -> None:
        entity = self._entities[0]
        identity = card.annotation.id if card.annotation is not None else None
        edit = SetPairs(entity.ref, identity, pairs, card.was, card.namespace)
        step, unsent = replaced(self.model.pending(self.section), edit)
        steps = [(step, labels.name(entity))] if step.pairs != step.was else []
        self._edits.replace(unsent, steps, self._author)

    def _follow(self) -> None:
        if self.model.refs != self._refs:
            for card in self.cards:
                card.view.finish()
            self._refs, self._is_adding = self.model.refs, False
            self._show_cards([], keep_begun=False)
        self._entities, self._author = self.model.entities, self._edits.author
        self.paste_button.setVisible(self._may_add)
        self.add_button.setVisible(self._may_add and len(self.model.refs) == 1)

    @property
    def _is_known(self) -> bool:
        """Whether it is known what the objects have: only then can more be added to it."""
        return self.model.all_contents(self.section).annotations is not None

    @property
    def _may_add(self) -> bool:
        return bool(self.model.refs) and len(self.model.able) == len(self.model.entities)

    @property
    def _user_id(self) -> int | None:
        account = self._account()
        return account.user.id if account is not None else None


class PairsCard(QWidget):
    """One card: whose and which it is, its rows, and why an edit was refused. `changed` carries it and other pairs."""

    changed = Signal(object, object)

    def __init__(self, card: Card, account: Account | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self.table = PairsTable(card.pairs, card.can_edit, self)
        self.table.edited.connect(lambda pairs: self.changed.emit(self.card, pairs))
        self.view = PairsView(self.table)
        self._head = OneLine()
        self._head.setProperty("role", "small")
        self._problem = ProblemLine()
        frame = QFrame()
        frame.setProperty("ground", "card")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self._head, frame, self._problem):
            column.addWidget(part)
        self.show_card(card, account)

    @property
    def key(self) -> int | None:
        """What stays the same while it is edited."""
        return _key(self.card)

    def show_card(self, card: Card, account: Account | None) -> None:
        """Show the pairs as they are now."""
        self.card = card
        self.table.show_pairs(card.pairs, card.can_edit)
        words = [translate("Annotations", "Mine")] if card.is_own else []
        if card.annotation is not None and not card.is_own:
            words = [byline(card.annotation, account)]
        if card.namespace != OWN_PAIRS:
            words.append(shortened(card.namespace))
        words.append(plural("Annotations", "%n pairs", "%n pair", len(card.pairs)))
        if card.is_waiting:
            words.append(translate("Annotations", "being saved"))
        self._head.say(" · ".join(filter(None, words)))
        self._head.setToolTip(unmarked(tip_of(card.annotation, account)) if card.annotation is not None else "")
        self._problem.tell(card.problem)
        self.view.updateGeometry()


class InheritedPairs(QWidget):
    """The pairs of what the one selected object is in, to be read only: a card for each annotation."""

    def __init__(
        self, model: InspectorModel, lookup: Lookup[Ref, Sequence[Annotation]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.lookup = lookup
        self.problem = ProblemLine()
        self.problem.again.clicked.connect(lambda _checked=False: lookup.again())
        self._model = model
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.problem)
        self._shown: object = None
        lookup.changed.connect(self._show)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        problem, found = self.lookup.problem, self.lookup.value or ()
        self.problem.tell(problem.text if problem is not None else "")
        cards = [(self._origin(one), pairs_of(one)) for one in found if pairs_of(one)][:_MOST_INHERITED]
        self.setVisible(bool(cards) or problem is not None)
        if cards != self._shown:
            self._shown = cards
            empty(self._column, 1)
            for origin, pairs in cards:
                self._add(origin, pairs)

    def _add(self, origin: str, pairs: Pairs) -> None:
        head = OneLine(origin)
        head.setProperty("role", "faint")
        head.setContentsMargins(0, Space.TINY, 0, 0)
        view = PairsView(PairsTable(pairs, can_edit=False, parent=self))
        view.setAccessibleName(head.text())
        view.setProperty("role", "quiet")
        self._column.addWidget(head)
        self._column.addWidget(view)

    def _origin(self, annotation: Annotation) -> str:
        names: dict[Ref, str] = {}
        for place in self._model.about.places if self._model.about is not None else ():
            for ref, name in (*place.above, (place.ref, place.name)):
                names[Ref(ref.kind, ref.id)] = name
        link = annotation.links[0]
        ref = Ref(link.ref.kind, link.ref.id)
        known = names.get(ref) or str(ref.id)
        return say(_FROM[ref.kind]).format(name=shortened(known)) if ref.kind in _FROM else shortened(known)


class CommonKeys(QFrame):
    """The keys of several objects, each with its value or the number of values, and on how many it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self._form = QFormLayout(self)
        self._form.setHorizontalSpacing(Space.MEDIUM)
        self.hide()
        self._form.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, Space.TINY)
        self._shown: object = None

    def show_keys(self, annotations: Sequence[Annotation], objects: int) -> None:
        """Show the keys of annotations on so many objects."""
        keys = common(annotations)[:_MOST_KEYS]
        if (keys, objects) == self._shown:
            return
        self._shown = keys, objects
        self.setVisible(bool(keys))
        while self._form.rowCount():
            self._form.removeRow(0)
        for one in keys:
            term = OneLine(one.key)
            term.setProperty("role", "quiet")
            value = one.value if one.values == 1 else plural("Annotations", "%n values", "%n value", one.values)
            text = OneLine(value)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(text)
            line.addStretch(1)
            if one.on != objects:
                on = OneLine(share(one.on, objects))
                on.setProperty("role", "faint")
                line.addWidget(on, 0, Qt.AlignmentFlag.AlignTrailing)
            self._form.addRow(term, row)


def _key(card: Card) -> int | None:
    return card.annotation.id if card.annotation is not None else _NEW
