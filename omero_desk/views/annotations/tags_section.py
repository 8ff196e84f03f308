"""The section of tags: a chip each, and a field to add some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import Annotation, Section, TagChoice, Type
from omero_desk.entities.objects import Account, Entity, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models import labels
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.annotations.tags import ShownTag, shown_tags
from omero_desk.models.annotations.values import share
from omero_desk.models.annotations.who import tip_of
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.origins.uses_entry import UsesEntry
from omero_desk.views.annotations.section_body import SectionBody
from omero_desk.views.annotations.tag_chip import TagChip
from omero_desk.views.annotations.tag_field import TagField
from omero_desk.views.annotations.tagging.set_menu import SetMenu
from omero_desk.views.parts.actions import passing_menu
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.flow_layout import FlowLayout, empty
from omero_desk.views.widgets.state_card import flush_button

_MOST: Final = 200
"""Chips that are shown before "more" is pressed."""


class TagsSection(SectionBody):
    """Shows the tags of what is selected. `edit_wanted` carries a tag whose text the user wants to change.

    `delete_wanted` carries one that the user wants to delete everywhere; `new_wanted` the name of one that is to be
    described, and the objects that it is for; `moved` a tag and the sets that it is to be in, and to go out of;
    `new_set_wanted` a tag that is to be in a new set, and the sets that it is to go out of.
    """

    empty = mark("Annotations", "No tags")
    edit_wanted = Signal(object)
    delete_wanted = Signal(object)
    new_wanted = Signal(str, object)
    moved = Signal(object, object, object)
    new_set_wanted = Signal(object, object)

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        choices: TagChoicesModel,
        lookups: Lookups,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Section.TAGS, model, parent)
        self._edits, self._account, self._lookups = edits, account, lookups
        self._shown: list[ShownTag] = []
        self._all = False
        self._refs: tuple[Ref, ...] = ()
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, Space.TINY)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.field = TagField(choices, account)
        self.field.chosen.connect(self._add)
        self.field.described.connect(self.new_wanted)
        self._more = flush_button()
        self._more.clicked.connect(self._show_all)
        self.column.addWidget(self._chips)
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addWidget(self.field)
        model.changed.connect(self._follow)
        self._follow()

    @property
    def chips(self) -> list[TagChip]:
        """The chips in their order."""
        return [chip for chip in self._chips.findChildren(TagChip) if not chip.isHidden()]

    @override
    def fill(self, annotations: Sequence[Annotation], edits: Sequence[PendingEdit]) -> bool:
        tags = shown_tags(annotations, edits, self.model.refs)
        if tags != self._shown or not self._flow.count():
            self._shown = tags
            self._make_chips()
        self.field.taken = [tag.annotation.id for tag in tags if tag.annotation is not None]
        return bool(tags)

    def add(self) -> None:
        """Let the user type a tag."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _follow(self) -> None:
        """Offer to add tags where the user may; what was being typed goes with the last object, and the account."""
        entities, may = self.model.entities, self.model.able
        if self.model.refs != self._refs:
            self._refs, self._all = self.model.refs, False
        if not entities:
            self.field.forget()
        self.field.objects = may
        self.field.setVisible(bool(may))
        words = translate("Annotations", "Add tag")
        if len(entities) > 1:
            words = plural("Annotations", "Add tag to all %n", "Add tag to %n", len(may))
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)

    def _show_all(self) -> None:
        self._all = True
        self._make_chips()

    def _make_chips(self) -> None:
        focused = next((chip.tag.text for chip in self.chips if chip.hasFocus()), None)
        empty(self._flow)
        shown = self._shown if self._all else self._shown[:_MOST]
        for tag in shown:
            chip = self._chip(tag)
            self._flow.addWidget(chip)
            if tag.text == focused:
                chip.setFocus()
        rest = len(self._shown) - len(shown)
        self._more.setText(plural("Annotations", "%n more tags", "%n more tag", rest))
        self._more.setVisible(rest > 0)
        self._chips.setVisible(bool(shown))
        self._flow.invalidate()
        self._chips.updateGeometry()

    def _chip(self, tag: ShownTag) -> TagChip:
        account, one = self._account(), tag.annotation
        second = ""
        if len(self.model.refs) > 1 and tag.on < len(self.model.refs):
            second = share(tag.on, len(self.model.refs))
        elif one is not None and account is not None and one.owner_id not in (None, account.user.id):
            second = labels.owner(one.owner_id or 0, account)
        chip = TagChip(tag, second, tip_of(one, account) if one is not None else "", self._chips)
        chip.removed.connect(lambda: self._remove(tag))
        chip.clicked.connect(lambda: self._again(tag))
        chip.menu_wanted.connect(lambda place: self._open_menu(tag, place))
        return chip

    def _add(self, choice: TagChoice | str, objects: Sequence[Entity]) -> None:
        if isinstance(choice, TagChoice):
            self._edits.put(objects, Type.TAG, choice.id, choice.text)
        else:
            self._edits.tag(objects, choice)

    def _remove(self, tag: ShownTag) -> None:
        if tag.annotation is not None:
            self._edits.take_off(self.objects, Type.TAG, tag.annotation.id, tag.text)

    def _again(self, tag: ShownTag) -> None:
        """Send what was refused once more."""
        if tag.state is EditState.GIVEN_BACK:
            self._edits.retry(tag.pending_id)

    def _set_menu(self, tag: Annotation, parent: QMenu) -> SetMenu:
        entities = self.model.entities
        menu = SetMenu(tag.id, entities[0].group_id if entities else None, self._lookups.tag_sets, parent)
        menu.moved.connect(lambda to, off: self.moved.emit(tag, to, off))
        menu.new_wanted.connect(lambda off: self.new_set_wanted.emit(tag, off))
        return menu

    def _open_menu(self, tag: ShownTag, place: QPoint) -> None:
        menu = passing_menu(self)
        one = tag.annotation
        if tag.state is EditState.GIVEN_BACK:
            menu.addAction(translate("Annotations", "&Try again"), lambda: self._edits.retry(tag.pending_id))
            menu.addAction(translate("Annotations", "&Discard"), lambda: self._edits.discard(tag.pending_id))
        if one is not None:
            menu.addAction(UsesEntry(self._lookups.uses, one.id, menu))
            menu.addSeparator()
            count = len(self.model.refs)
            if tag.on < count:
                text = plural("Annotations", "&Add to all %n", "&Add to %n", count)
                menu.addAction(text, lambda: self._edits.put(self.model.able, Type.TAG, one.id, tag.text))
            remove = menu.addAction(
                translate("Annotations", "&Remove from what is selected"), lambda: self._remove(tag)
            )
            remove.setEnabled(tag.can_remove)
            menu.addSeparator()
            edit = menu.addAction(
                translate("Annotations", "&Edit name and description…"), lambda: self.edit_wanted.emit(one)
            )
            edit.setEnabled(one.permissions.can_edit and not one.is_cut)
            if not tag.is_set:
                menu.addMenu(self._set_menu(one, menu))
            delete = menu.addAction(
                translate("Annotations", "&Delete everywhere…"), lambda: self.delete_wanted.emit(one)
            )
            delete.setEnabled(one.permissions.can_delete)
        if menu.actions():
            menu.popup(place)
