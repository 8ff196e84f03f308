"""Annotations as a part of the window: what is selected in words, and what the user can change about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from typing_extensions import override

from omero_desk.entities.annotations import StoredFile
from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Account, Kind
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.annotations import description
from omero_desk.models.annotations.channel_names import nameable
from omero_desk.models.annotations.copying import AnnotationClipboard
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.annotations.edits import EditsModel, why_not_rename
from omero_desk.models.annotations.edits_journal import KeepsEdits
from omero_desk.models.annotations.files.downloads import DownloadsModel
from omero_desk.models.annotations.files.previews import MOST
from omero_desk.models.annotations.files.uploads import Uploads
from omero_desk.models.annotations.history import HistoryModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.annotations.source import ReadsAnnotations, SendsEdits
from omero_desk.models.annotations.summary import Summing
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.annotations.whose import Whose
from omero_desk.models.exports.exports import ExportsModel
from omero_desk.models.translation import translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.annotations.commands import (
    ATTACH,
    COMMENT,
    COPY,
    COPY_ANNOTATIONS,
    COPY_ID,
    COPY_NAME,
    HISTORY,
    INFO,
    KEY_VALUE,
    NAME_CHANNELS,
    PASTE_ANNOTATIONS,
    PENDING,
    RATES,
    REDO,
    RENAME,
    TAG,
    UNDO,
)
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.editing import Editing
from omero_desk.views.annotations.files.attachments import Attachments
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.widgets.page import Page


class Reader(SendsEdits, ReadsAnnotations, Protocol):
    """Reads annotations, and sends edits of them."""


_SECTIONS: Final = "info_sections"
_WHOSE: Final = "info_whose"
"""The names of the settings."""


class AnnotationsPart(Part):
    """Shows the details of the selection, and sends edits of it."""

    def __init__(
        self, shared: Shared, reader: Reader, disk: KeepsEdits, exports: ExportsModel, activities: ActivitiesModel
    ) -> None:
        self._shared, self._selection = shared, shared.selection
        report, window = shared.messages.report, shared.window
        self.counts = AnnotationCountsModel(reader.counts, report, window)
        self.edits = EditsModel(reader.start, reader.send, reader.author, report, window, disk)
        self.history = HistoryModel(self.edits, window)
        self.inspected = InspectorModel(reader, self.edits, report, window)
        self.choices = TagChoicesModel(reader, self.edits, report, window)
        self.copied = AnnotationClipboard(reader, self.edits, report, window)
        self.lookups = Lookups(reader, self.inspected, report, window)
        self.previews = Lookup[StoredFile, bytes](lambda file: reader.beginning(file, MOST), report, window)
        self.downloads = DownloadsModel(reader.download, activities, shared.messages, window)
        self.downloads.show_folder = exports.show_file or (lambda path: None)
        self.uploads = Uploads(self.edits, activities, window)
        self.details = DetailsPanel(self.inspected, self.edits, self.choices, self.lookups, shared.account)
        self.details.metadata.save_wanted.connect(exports.save)
        self.attachments = Attachments(
            self.downloads, self.previews, self.lookups, self.edits, shared.account, shared.window
        )
        for section in (self.details.attachments, self.details.tables):
            self.attachments.serve(section)
        self.details.page_wanted.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        self._summing = Summing(window)
        self._summing.done.connect(self._show_summary)
        self.editing = Editing(
            self.edits,
            self.history,
            shared.messages,
            self.counts,
            self.inspected,
            self.choices,
            self.lookups,
            self.details,
            window,
        )
        self.models = (
            *(self.counts, self.edits, self.inspected, self.choices, self.copied),
            *(self.lookups, self.previews, self.downloads),
        )
        self.inspector = (Page("info", self.details, translate("Annotations", "Info"), "details"),)
        self.bottom = (self.editing.page, self.editing.history_page)
        self.permanent_status = (self.editing.button,)
        self.inspected.changed.connect(self._show_details)
        self._selection.info_wanted.connect(self.show_section)
        self.details.object_wanted.connect(self._selection.place_wanted)
        self._selection.known.connect(self._show_details)
        for model in (self.history.changed, self.copied.changed):
            model.connect(shared.commands.refresh)

    @override
    def commands(self) -> Iterable[Binding]:
        editing, history = self.editing, self.history
        return (
            Binding(UNDO, lambda _checked: history.undo(), self._why_not_undo),
            Binding(REDO, lambda _checked: history.redo(), self._why_not_redo),
            Binding(HISTORY, lambda _checked: editing.history_page.open()),
            Binding(COPY, self._copy, self._why_nothing),
            Binding(COPY_NAME, self._copy_names, self._why_nothing),
            Binding(COPY_ID, self._copy_ids, self._why_no_ids),
            Binding(INFO, lambda _checked: self.inspector[0].open(), self._why_nothing),
            Binding(TAG, lambda _checked: editing.ask_tag(), self._why_not_annotate),
            Binding(KEY_VALUE, lambda _checked: self._add_pair(), self._why_not_annotate),
            Binding(COMMENT, lambda _checked: editing.ask_comment(), self._why_not_annotate),
            Binding(ATTACH, lambda _checked: editing.ask_files(()), self._why_not_annotate),
            *(
                Binding(rate, lambda _checked, stars=stars: self._rate(stars), self._why_not_annotate)
                for stars, rate in enumerate(RATES)
            ),
            Binding(COPY_ANNOTATIONS, lambda _checked: self._copy_annotations(), self._why_not_one),
            Binding(PASTE_ANNOTATIONS, lambda _checked: self._paste_annotations(), self._why_not_paste),
            Binding(RENAME, lambda _checked: editing.ask_name(), self._why_not_rename),
            Binding(NAME_CHANNELS, lambda _checked: editing.ask_channels(self.lookups), self._why_no_channels),
            Binding(PENDING, lambda _checked: editing.page.open()),
        )

    @override
    def furnished(self) -> None:
        self.details.picture_of, self.details.size_of = self._selection.picture_of, self._selection.size_of
        self.details.offer([self._shared.commands[command.id] for command in (COPY, COMMENT, TAG, RENAME)])

    @override
    def entered(self, account: Account) -> None:
        self.edits.enter(account)

    @override
    def returned(self) -> None:
        self.inspected.refresh()

    @override
    def refresh(self) -> None:
        self.inspected.refresh()

    @override
    def left(self) -> None:
        self.inspected.look_at(())
        self.edits.leave()
        self.editing.forget()
        self.history.clear()
        self.choices.clear()
        self.copied.clear()
        self.lookups.clear()
        self.previews.look_at(None)
        self.downloads.forget()

    @override
    def ended(self) -> None:
        self.downloads.forget()

    @override
    def state_changed(self, state: State) -> None:
        self.edits.follow(state)

    @override
    def selection_changed(self) -> None:
        entities = self._selection.entities
        self.editing.select(entities)
        self._summing.take(entities)
        self.inspected.look_at(entities)
        self._show_details()

    def show_section(self, identity: str) -> None:
        """Show a section of what is selected, in the inspector."""
        self.inspected.hurry()
        self.inspector[0].open()
        self.details.show_section(identity)

    def _show_summary(self) -> None:
        """Show what many selected objects have in common, now that they are counted."""
        self._show_details()
        self._shared.commands.refresh()

    @override
    def save_state(self) -> Mapping[str, Any]:
        return {
            _SECTIONS: {section.identity: section.is_open for section in self.details.sections},
            _WHOSE: self.inspected.whose.name,
        }

    @override
    def restore_state(self, state: Mapping[str, Any]) -> None:
        kept = state.get(_SECTIONS)
        for identity, is_open in kept.items() if isinstance(kept, Mapping) else ():
            if isinstance(is_open, bool):
                self.details.restore(identity, is_open)
        whose = state.get(_WHOSE)
        if isinstance(whose, str) and whose in Whose.__members__:
            self.inspected.show(Whose[whose])

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return (*self.edits.unsaved_work(), *self.downloads.unsaved_work())

    def _show_details(self) -> None:
        entities, summary = self._selection.entities, self._summing.summary
        if self.inspected.is_resting:
            return  # what is shown stays whole until all of it is of what is selected
        if not entities:
            self.details.show_nothing()
            return
        self.details.show_entities(entities, summary, self._shared.account(), self._selection.remark)

    def _add_pair(self) -> None:
        self.show_section("key_values")
        self.details.pairs.add()

    def _rate(self, stars: int) -> None:
        """Rate what is selected; the same number again takes the rating away."""
        same = stars == self.details.head.stars.stars and not self.inspected.is_resting
        self.edits.rate(self._selection.entities, 0 if same else stars)

    def _copy_annotations(self) -> None:
        self.copied.copy(self._selection.entities[0])

    def _paste_annotations(self) -> None:
        self.copied.paste(self._selection.entities)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(description.as_text(self._selection.entities))

    def _copy_names(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(entity.name for entity in self._selection.entities))

    def _copy_ids(self) -> None:
        refs = [entity.ref for entity in self._selection.entities if entity.ref.kind != Kind.ORPHANED_IMAGES]
        QGuiApplication.clipboard().setText("\n".join(f"{ref.kind}:{ref.id}" for ref in refs))

    def _why_no_ids(self) -> str:
        if all(entity.ref.kind == Kind.ORPHANED_IMAGES for entity in self._selection.entities):
            return self._why_nothing() or translate("Annotations", "A folder has no ID")
        return ""

    def _why_nothing(self) -> str:
        return "" if self._selection.entities else translate("Annotations", "Nothing is selected")

    def _why_not_annotate(self) -> str:
        summary = self._summing.summary
        if summary is None:
            return translate("Annotations", "Your rights on what is selected are being looked up")
        if self._why_nothing() or summary.can_annotate:
            return self._why_nothing()
        return translate("Annotations", "You may not annotate all that is selected")

    def _why_no_channels(self) -> str:
        if self._why_nothing() or nameable(self._summing.summary):
            return self._why_nothing()
        return translate("Annotations", "Select images, or datasets, plates or wells with images, that you may edit")

    def _why_not_one(self) -> str:
        if self._why_nothing() or len(self._selection.entities) == 1:
            return self._why_nothing()
        return translate("Annotations", "Select one object")

    def _why_not_paste(self) -> str:
        if not self.copied.is_filled:
            return translate("Annotations", "No annotations have been copied")
        return self._why_not_annotate()

    def _why_not_undo(self) -> str:
        return "" if self.history.to_undo is not None else translate("Annotations", "There is nothing to take back")

    def _why_not_redo(self) -> str:
        return "" if self.history.to_redo is not None else translate("Annotations", "Nothing has been taken back")

    def _why_not_rename(self) -> str:
        return self._why_nothing() or why_not_rename(self._selection.entities)
