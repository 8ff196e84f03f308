"""The tree as a part of the window: whose data is looked at, and the tree of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from typing_extensions import override

from omero_desk.entities.objects import Account, Kind
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.connection.folder_scan import FolderScanModel
from omero_desk.models.translation import translate
from omero_desk.models.tree.source import ReadsTree
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.parts.command import Menu
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.tree.commands import ANNOTATIONS, COLLAPSE, EXPAND, KEYS, OPEN, REFRESH_ALL, RETRY
from omero_desk.views.tree.scope_bar import ScopeBar
from omero_desk.views.widgets import icons

_COLUMN: Final = "annotation_column"
"""The name of the setting."""


class TreePart(Part):
    """Opens the tree of the scope that is chosen; `browser` says what is selected in it."""

    keys = KEYS

    def __init__(
        self,
        shared: Shared,
        reader: ReadsTree,
        counts: AnnotationCountsModel,
        edits: EditsModel,
        scan: FolderScanModel,
    ) -> None:
        self._shared, self._scan = shared, scan
        report, window = shared.messages.report, shared.window
        self.model = OmeroTreeModel(reader.children, report, shared.account, icons.kind_icon, window)
        self.browser = BrowserView(self.model, counts)
        self.scope = ScopeBar()
        self.models = (self.model,)
        self.side = self.scope, self.browser
        self.scope.chosen.connect(shared.selection.look_at)
        self.scope.chosen.connect(self.model.open)
        self.browser.activated.connect(shared.selection.opened)
        self.browser.annotation_column_shown.connect(self._show_column)
        scan.refresh_due.connect(self._refresh_folder)
        edits.done.connect(self._take_edit)
        shared.selection.place_wanted.connect(self.browser.reveal)

    @override
    def commands(self) -> Iterable[Binding]:
        browser = self.browser
        return (
            Binding(OPEN, lambda _checked: self._open(), self._why_not_open),
            Binding(ANNOTATIONS, browser.show_annotation_column),
            Binding(EXPAND, browser.expand_below, browser.why_nothing_below),
            Binding(COLLAPSE, browser.collapse_below, browser.why_nothing_below),
            Binding(REFRESH_ALL, browser.refresh_all, self._why_not_signed_in),
            Binding(RETRY, browser.try_again, browser.why_nothing_failed),
        )

    @override
    def furnished(self) -> None:
        commands = self._shared.commands
        self.browser.fill_menu = lambda menu: commands.fill(menu, Menu.OBJECTS, Menu.TREE_ROWS)
        self.browser.show_info = self._shared.selection.info_wanted.emit

    @override
    def entered(self, account: Account) -> None:
        self.model.clear()
        self.scope.show_account(account)
        self.browser.setFocus()

    @override
    def returned(self) -> None:
        self.model.retry_failed()

    @override
    def left(self) -> None:
        self.scope.show_account(None)
        self._shared.selection.look_at(None)
        self.model.clear()

    @override
    def refresh(self) -> None:
        self.browser.refresh()

    @override
    def save_state(self) -> Mapping[str, Any]:
        return {_COLUMN: self._shared.commands[ANNOTATIONS.id].isChecked()}

    @override
    def restore_state(self, state: Mapping[str, Any]) -> None:
        self._show_column(state[_COLUMN])
        self.browser.show_annotation_column(state[_COLUMN])

    def _show_column(self, shown: bool) -> None:
        self._shared.commands[ANNOTATIONS.id].setChecked(shown)

    def _open(self) -> None:
        """Do what a double click does: show an image, or what is below a container."""
        entity = self._shared.selection.entities[0]
        if entity.ref.kind == Kind.IMAGE:
            self._shared.selection.opened.emit(entity)
        else:
            self.browser.open_current()
            self._shared.selection.moved.emit()

    def _why_not_open(self) -> str:
        entities = self._shared.selection.entities
        if not entities:
            return translate("Tree", "Nothing is selected")
        if len(entities) > 1:
            return translate("Tree", "Select one object")
        if entities[0].ref.kind == Kind.WELL and not any(one.ref.kind == Kind.WELL for one in self.browser.entities):
            return translate("Tree", "Press Return on the well in its plate")
        holds = entities[0].ref.kind == Kind.IMAGE or entities[0].child_count is not None
        return "" if holds else translate("Tree", "Only images and what holds others can be opened")

    def _why_not_signed_in(self) -> str:
        return "" if self._shared.account() is not None else translate("Tree", "You are not signed in")

    def _refresh_folder(self) -> None:
        """Show what the folder's server has found; where a list is still being fetched, that shows it."""
        if self._shared.connection.folder and not (self._scan.busy and self.model.progress):
            self.browser.refresh_all()

    def _take_edit(self, edit: PendingEdit, _receipt: object) -> None:
        """Show a name that is now on the server."""
        if edit.new_name is not None:
            self.model.rename(edit.edit.ref, edit.new_name)
