"""Changes of the selection: the dialogs for them, and the list of edits that are not saved yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QMainWindow

from omero_desk.entities.annotations import Annotation
from omero_desk.entities.edits import Author, DeleteAnnotation, EditAnnotation, MoveTag
from omero_desk.entities.objects import Entity, Ref
from omero_desk.models.annotations import description
from omero_desk.models.annotations.channel_names import edits as edits_of
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.history import Change, HistoryModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.annotations.pending import EditState, PendingEdit, excerpt_of
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.labels import plain
from omero_desk.models.messages import About, Action, Message, MessagesModel, Posted, Severity
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.edit_dialogs import CommentDialog, TextDialog, rename_dialog, set_dialog, tag_dialog
from omero_desk.views.annotations.edits_panel import EditsButton, EditsPanel
from omero_desk.views.annotations.history_panel import HistoryPanel
from omero_desk.views.annotations.naming.channels_dialog import ChannelsDialog
from omero_desk.views.annotations.tag_dialogs import DeleteTagQuestion, EditTagDialog
from omero_desk.views.annotations.tagging.new_tag_dialog import NewTagDialog
from omero_desk.views.widgets.page import Page

_MOST_LINES: Final = 8
_LONGEST_LINE: Final = 120

DraftPlace = tuple[str, frozenset[Ref]]
"""The account (by its key) that wrote a draft, and the objects that it is about."""


class Editing(QObject):
    """Stands between the selection and the `EditsModel`: asks, hands over, and shows what is pending."""

    def __init__(
        self,
        edits: EditsModel,
        history: HistoryModel,
        messages: MessagesModel,
        counts: AnnotationCountsModel,
        inspected: InspectorModel,
        choices: TagChoicesModel,
        lookups: Lookups,
        details: DetailsPanel,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self.edits = edits
        self._messages = messages
        self._counts, self._inspected = counts, inspected
        self._details, self._choices, self._lookups = details, choices, lookups
        self._history = history
        self._entities: Sequence[Entity] = ()
        self._drafts: dict[DraftPlace, str] = {}
        self._changed: dict[Ref, None] = {}
        self._told: dict[int, Posted] = {}
        self._told_changes: dict[int, Posted] = {}
        self._told_found: Posted | None = None
        self._window = window
        self.panel = EditsPanel(edits)
        self.page = Page("pending-edits", self.panel, translate("Annotations", "Pending edits"), "pending")
        self.history_panel = HistoryPanel(history)
        self.history_page = Page("history", self.history_panel, translate("Annotations", "History"), "history")
        self.button = EditsButton(edits)
        self.button.clicked.connect(self.page.open)
        edits.changed.connect(self._show_pending)
        inspected.changed.connect(self._show_pending)
        edits.changed.connect(self._retract)
        edits.done.connect(self._show_change)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._recount)
        for happens in (edits.done, edits.changed):
            happens.connect(lambda *_: self._soon.start())
        edits.given_back.connect(self._tell)
        edits.incomplete.connect(self._tell_left)
        edits.found.connect(self._tell_found)
        history.added.connect(self._tell_change)
        history.incomplete.connect(self._tell_incomplete)
        history.changed.connect(self._retract_undone)
        details.attachments.attach_wanted.connect(lambda paths: self.ask_files(paths, inspected.able))
        details.tags.edit_wanted.connect(self.ask_tag_text)
        details.tags.delete_wanted.connect(self.ask_delete)
        details.tags.new_wanted.connect(self.ask_new_tag)
        details.tags.moved.connect(self._move)
        details.tags.new_set_wanted.connect(self.ask_new_set)

    def select(self, entities: Sequence[Entity]) -> None:
        """Have what is asked for be done with these objects from now on."""
        self._entities = entities

    def forget(self) -> None:
        """Forget what was to be counted again: another account comes."""
        self._changed.clear()

    def ask_comment(self) -> CommentDialog:
        """Ask for a comment on what is selected."""
        entities, author = self._entities, self.edits.author
        place = self._messages.account(), frozenset(entity.ref for entity in entities)
        dialog = CommentDialog(_about(entities), self._window, self._drafts.pop(place, ""))
        dialog.left.connect(lambda text: self._keep_draft(place, text))
        self._open(dialog, lambda text: self.edits.comment(entities, text, author))
        return dialog

    def ask_tag(self) -> TextDialog:
        """Ask for a tag for what is selected."""
        entities, author = self._entities, self.edits.author
        dialog = tag_dialog(_about(entities), self._window)
        self._open(dialog, lambda text: self.edits.tag(entities, text, author))
        return dialog

    def ask_files(self, paths: Sequence[str], about: Sequence[Entity] | None = None) -> None:
        """Attach files to some objects, by default what is selected; without paths the user chooses them."""
        entities = [one for one in (self._entities if about is None else about) if one.annotation_count is not None]
        chosen = paths or QFileDialog.getOpenFileNames(self._window, translate("Annotations", "Attach files"))[0]
        for path in chosen:
            self.edits.attach(entities, path)

    def ask_tag_text(self, tag: Annotation) -> EditTagDialog:
        """Ask for another name and description of a tag."""
        dialog = EditTagDialog(str(tag.value or ""), tag.description, self._window)
        author = self.edits.author
        dialog.changed.connect(lambda text, words: self._edit_tag(tag, text, words, author))
        dialog.open()
        return dialog

    def ask_new_tag(self, name: str, entities: Sequence[Entity]) -> NewTagDialog:
        """Ask for the description and the set of a new tag for objects."""
        author, groups = self.edits.author, {one.group_id for one in entities}
        group, choices = groups.pop() if len(groups) == 1 else None, self._choices
        sets, about = self._lookups.tag_sets, _about(entities)
        dialog = NewTagDialog(name, about, group, sets, lambda: choices.choices, self._window)
        dialog.written.connect(lambda text, words, set_id: self.edits.tag(entities, text, author, words, set_id))
        dialog.open()
        return dialog

    def ask_new_set(self, tag: Annotation, off: tuple[int, ...]) -> TextDialog:
        """Ask for the name of a new set that a tag is to be in."""
        author = self.edits.author
        dialog = set_dialog(str(tag.value or ""), self._window)
        self._open(dialog, lambda name: self._move(tag, (), off, name, author))
        return dialog

    def ask_delete(self, tag: Annotation) -> DeleteTagQuestion:
        """Ask whether a tag is to be deleted everywhere."""
        question = DeleteTagQuestion(str(tag.value or ""), self._window)
        author = self.edits.author
        question.confirmed.connect(lambda: self._delete(tag, author))
        question.open()
        return question

    def ask_channels(self, lookups: Lookups) -> ChannelsDialog:
        """Ask for the names of the channels of what is selected."""
        entities, author = self._entities, self.edits.author
        refs = tuple(dict.fromkeys(one.ref for one in entities))
        dialog = ChannelsDialog(lookups.channels, refs, _about(entities), self._window)
        dialog.chosen.connect(lambda images, names: self.edits.submit(edits_of(images, names), author))
        dialog.open()
        return dialog

    def _edit_tag(self, tag: Annotation, text: str, words: str, author: Author | None) -> None:
        was = str(tag.value or "")
        if tag.links and (text, words) != (was, tag.description):
            edit = EditAnnotation(tag.links[0].ref, tag.type, tag.id, text, was, words, tag.description)
            self.edits.submit([(edit, was)], author)

    def _move(
        self, tag: Annotation, to: tuple[int, ...], off: tuple[int, ...], new: str = "", author: Author | None = None
    ) -> None:
        if tag.links:
            name = str(tag.value or "")
            self.edits.submit([(MoveTag(tag.links[0].ref, tag.id, name, to, off, new), name)], author)

    def _delete(self, tag: Annotation, author: Author | None) -> None:
        if tag.links:
            name = str(tag.value or "")
            self.edits.submit([(DeleteAnnotation(tag.links[0].ref, tag.type, tag.id, name), name)], author)

    def ask_name(self) -> TextDialog:
        """Ask for another name of what is selected."""
        (entity,), author = self._entities, self.edits.author
        dialog = rename_dialog(_about([entity]), entity.name, self._window)
        self._open(dialog, lambda text: self.edits.rename(entity, text, author) if text != entity.name else None)
        return dialog

    def _open(self, dialog: TextDialog, take: Callable[[str], object]) -> None:
        dialog.written.connect(take)
        dialog.open()

    def _keep_draft(self, place: DraftPlace, text: str) -> None:
        if text.strip():
            self._drafts[place] = text

    def _show_pending(self) -> None:
        edits = self.edits.of(() if self._inspected.is_too_many else self._inspected.entities)
        self._details.show_pending([excerpt_of(edit, _LONGEST_LINE, self.edits.online) for edit in edits[:_MOST_LINES]])

    def _show_change(self, edit: PendingEdit) -> None:
        """Note of what the annotations are to be counted again."""
        if edit.section is not None:
            self._changed.update(dict.fromkeys(edit.edit.refs))

    def _recount(self) -> None:
        """Count what was changed, once for all edits that follow each other."""
        if self._changed and not self.edits.is_sending:
            changed, self._changed = self._changed, {}
            self._counts.recount(changed)

    def _tell_change(self, change: Change) -> None:
        """Tell of a change that can be taken back."""
        if change.back:
            undo = Action(translate("Annotations", "Undo"), lambda: self._history.undo(change))
            self._told_changes[change.action] = self._messages.inform(change.title, undo)

    def _retract_undone(self) -> None:
        """Take back what was said of changes that have been taken back, or are forgotten: there is nothing to undo."""
        can = {change.action for change in self._history.changes if not change.is_undone}
        for action, posted in [*self._told_changes.items()]:
            if action not in can or not posted.is_shown:
                del self._told_changes[action]
                posted.retract()

    def _tell_incomplete(self, edit: PendingEdit, number: int) -> None:
        """Tell of objects that a change was not taken back of."""
        words = plural(
            "Annotations",
            "{edit}: %n objects were left as they are, as somebody else has changed them since or they are gone.",
            "{edit}: %n object was left as it is, as somebody else has changed it since or it is gone.",
            number,
        )
        self._warn(words, edit)

    def _tell_left(self, edit: PendingEdit, number: int) -> None:
        """Tell of objects that no pairs were added to."""
        words = plural(
            "Annotations",
            "{edit}: those of %n objects were left as they are, as somebody else has changed them since, they are on"
            " other objects too, or may not be changed.",
            "{edit}: those of %n object were left as they are, as somebody else has changed them since, they are on"
            " other objects too, or may not be changed.",
            number,
        )
        self._warn(words, edit)

    def _warn(self, words: str, edit: PendingEdit) -> None:
        about = About(self._messages.account(), edit.edit.ref)
        text = words.format(edit=plain(edit.title))
        self._messages.post(Message(text, "", Severity.WARNING, about=about))

    def _tell(self, edit: PendingEdit) -> None:
        said = translate("Annotations", "{edit} was not saved. {why}")
        text = said.format(edit=plain(edit.title), why=edit.reason)
        show = Action(translate("Annotations", "&Show"), self.page.open)
        about = About(self._messages.account(), edit.edit.ref)
        self._told[edit.id] = self._messages.post(Message(text, edit.detail, Severity.WARNING, (show,), about=about))

    def _tell_found(self, number: int) -> None:
        text = plural(
            "Annotations",
            "%n edits of an earlier session were not saved. You can send or discard them.",
            "%n edit of an earlier session was not saved. You can send or discard it.",
            number,
        )
        show = Action(translate("Annotations", "&Show"), self.page.open)
        about = About(self._messages.account())
        self._told_found = self._messages.post(Message(text, "", Severity.WARNING, (show,), about=about))

    def _retract(self) -> None:
        """Take back what was said of edits that are on their way again, saved or forgotten."""
        given_back = {edit.id for edit in self.edits.pending if edit.state is EditState.GIVEN_BACK}
        for identity in self._told.keys() - given_back:
            self._told.pop(identity).retract()
        if self._told_found is not None and not given_back:
            self._told_found.retract()
            self._told_found = None


def _about(entities: Sequence[Entity]) -> str:
    return description.heading(entities)
