"""What the main window holds: the tree on the left, what is selected in the centre, messages above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from omero_desk.gateway.entities import Account, Entity, Kind, Ref
from omero_desk.models import description, labels
from omero_desk.models.contents_look import ContentsLook
from omero_desk.models.folder_scan import FolderScanModel
from omero_desk.models.presence import Presence
from omero_desk.views import icons
from omero_desk.views.browser_view import BrowserView
from omero_desk.views.centre_view import CentreView
from omero_desk.views.commands import Commands
from omero_desk.views.compare_part import COMMANDS as COMPARE_COMMANDS
from omero_desk.views.compare_part import ComparePart
from omero_desk.views.connect_dialog import ConnectDialog
from omero_desk.views.contents_panel import ContentsPanel
from omero_desk.views.contents_part import ContentsPart
from omero_desk.views.details_panel import DetailsPanel
from omero_desk.views.editing import COMMANDS as EDIT_COMMANDS
from omero_desk.views.editing import Editing
from omero_desk.views.export_part import ExportPart
from omero_desk.views.folder_part import FolderDrop, FolderScanPart, ask_for_folder
from omero_desk.views.help_dialogs import AboutDialog, ShortcutsDialog
from omero_desk.views.line_bar import LineBar
from omero_desk.views.main_window import NAME
from omero_desk.views.message_bar import MessageBar
from omero_desk.views.plate_panel import PlatePanel
from omero_desk.views.scope_bar import ScopeBar
from omero_desk.views.services_dock import ServicesDock
from omero_desk.views.shown_models import Models
from omero_desk.views.sign_in_part import SignInPart
from omero_desk.views.state_bar import StateBar
from omero_desk.views.theme import Theme, ThemeChoice
from omero_desk.views.welcome_panel import WelcomePanel

_HOLD_WELLS: Final = (Kind.PLATE, Kind.RUN)
_USUAL_LOOK: Final = ContentsLook()
_SPLIT: Final = (360, 740)
_SPLIT_CONTENTS: Final = (700, 320)


class Workbench(QWidget):
    """Fills a window with widgets for the models that it is given."""

    def __init__(self, window: QMainWindow, models: Models, theme: Theme, log_file: Path) -> None:
        super().__init__()
        self.connection, self.messages, self.tree = models.connection, models.messages, models.tree
        self.scan = FolderScanModel(self)
        self.models = models
        self.browser = BrowserView(models.tree, models.counts)
        self._images = models.images
        self.gallery = ContentsPanel(models.contents, models.thumbnails, models.counts)
        of_contents = models.contents, models.gathering, models.thumbnails, models.sizes
        self.contents = ContentsPart(self.browser, models.tree, self.gallery, *of_contents, self)
        self.plate = PlatePanel(models.plate, models.thumbnails)
        self._theme = theme
        self._log_file = log_file
        self._sign_in = SignInPart(models.connection, models.messages, self)
        self._presence = Presence(models.connection, self)
        self._selection: tuple[Entity, ...] = ()
        self._services = ServicesDock(models.services, window)
        self._make_parts()
        self._lay_out()
        self.editing = Editing(models.edits, models.messages, models.tree, models.counts, self._details, self)
        self._commands = Commands(window, self._handlers())
        self._furnish(window)
        self._group_themes()
        self._follow_models()

    @property
    def splitter_state(self) -> bytes:
        """How the width is divided between the tree and the rest, as Qt saves it."""
        return bytes(self._splitter.saveState().data())

    @property
    def annotation_column(self) -> bool:
        """Whether the tree shows the numbers of annotations."""
        return self._commands["annotations"].isChecked()

    @property
    def layout_state(self) -> bytes:
        """Where the docks are and which of them show, as Qt saves it."""
        window = self.window()
        return bytes(window.saveState().data()) if isinstance(window, QMainWindow) else b""

    def command(self, name: str) -> QAction:
        """The action of a command, by its name in `commands.COMMANDS`."""
        return self._commands[name]

    def arrange(
        self,
        splitter_state: bytes,
        annotation_column: bool,
        layout_state: bytes = b"",
        look: ContentsLook = _USUAL_LOOK,
    ) -> None:
        """Restore what the properties told; a state that does not fit any more is passed over."""
        window = self.window()
        if layout_state and isinstance(window, QMainWindow):
            window.restoreState(QByteArray(layout_state))
        self._splitter.setSizes(_SPLIT)
        if splitter_state:
            self._splitter.restoreState(QByteArray(splitter_state))
        self._commands["annotations"].setChecked(annotation_column)
        self.browser.show_annotation_column(annotation_column)
        self.gallery.arrange(look)
        self._commands["thumbnails"].setChecked(look.thumbnails)

    def open_connect_dialog(self, server: str = "", user: str = "", verify: bool = False) -> ConnectDialog:
        """Show the dialog to sign in, with what is known filled in."""
        return self._sign_in.open(server, user, verify)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._commands.dress()

    def _make_parts(self) -> None:
        self._scope = ScopeBar()
        self._welcome = WelcomePanel(self.connection)
        self._details = DetailsPanel()
        self._selected = QSplitter(Qt.Orientation.Horizontal)
        self._selected.addWidget(self.gallery)
        self._selected.addWidget(self.plate)
        self._selected.addWidget(self._details)
        for part in (0, 1):
            self._selected.setStretchFactor(part, 1)
        self._selected.setSizes((_SPLIT_CONTENTS[0], *_SPLIT_CONTENTS))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._selected)
        self.centre = CentreView(self._stack, self._images, self.models.exports, self.models.regions)
        self.centre.neighbours = self._of_one_kind
        self._compare = ComparePart(self.centre, self.messages, self)
        self._side = QWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)

    def _lay_out(self) -> None:
        _stack(self._side, self._scope, self.browser)
        self._splitter.addWidget(self._side)
        self._splitter.addWidget(self.centre)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._side.setMinimumWidth(220)
        self.centre.setMinimumWidth(280)
        self._line = LineBar(self.connection)
        _stack(self, self._line, MessageBar(self.messages), self._splitter)

    def _furnish(self, window: QMainWindow) -> None:
        window.setWindowIcon(icons.app_icon())
        window.setCentralWidget(self)
        status = StateBar(self.connection)
        status.addWidget(FolderScanPart(self.scan, self.connection))
        status.addWidget(ExportPart(self.models.exports))
        FolderDrop(window).dropped.connect(self.connection.open_folder)
        window.setStatusBar(status)
        self.editing.furnish(window, status, self._commands.actions)
        names = *COMPARE_COMMANDS, *EDIT_COMMANDS
        self.browser.edit_actions = self.gallery.edit_actions = [self._commands[name] for name in names]
        toolbar = QToolBar("Main toolbar")
        toolbar.setObjectName("toolbar")
        toolbar.setMovable(False)
        toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._commands.fill_toolbar(toolbar)
        window.addToolBar(toolbar)
        self._services.hide()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._services)

    def _handlers(self) -> dict[str, Callable[..., object]]:
        return {
            "connect": lambda _checked: self.open_connect_dialog(),
            "demo": self.connection.open_demo,
            "folder": lambda _checked: ask_for_folder(self.connection, self.window()),
            "disconnect": self.connection.sign_out,
            "quit": lambda _checked: self.window().close(),
            "copy": self._copy,
            **self._compare.handlers(),
            **self.editing.handlers(),
            "refresh": self._refresh,
            "annotations": self.browser.show_annotation_column,
            "thumbnails": self.gallery.grid.show_pictures,
            **{f"theme-{choice.value}": partial(self._choose_theme, choice) for choice in ThemeChoice},
            "services": self._services.open,
            "shortcuts": lambda: ShortcutsDialog(self.window()).open(),
            "log": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file))),
            "about": lambda: AboutDialog(self.window()).open(),
        }

    def _group_themes(self) -> None:
        group = QActionGroup(self)
        for choice in ThemeChoice:
            action = self._commands[f"theme-{choice.value}"]
            action.setChecked(choice is self._theme.choice)
            group.addAction(action)

    def _follow_models(self) -> None:
        self.connection.changed.connect(self._show_connection)
        self._presence.entered.connect(self._enter)
        self._presence.returned.connect(self._retry_failed)
        self._presence.left.connect(self._leave)
        self._line.sign_in_wanted.connect(self._sign_in.open_again)
        self._services.told.connect(self.messages.inform)
        self._services.toggleViewAction().toggled.connect(self._commands["services"].setChecked)
        self._images.told.connect(self.messages.inform)
        self._scope.chosen.connect(self.tree.open)
        self.scan.refresh_due.connect(self._refresh_folder)
        self._welcome.connect_wanted.connect(self.open_connect_dialog)
        self.browser.activated.connect(self._open)
        self.gallery.opened.connect(self._open)
        self.contents.chosen.connect(self._show_selection)
        self.contents.moved.connect(self.centre.show_contents)
        self.contents.moved.connect(self._show_plate)
        self.models.edits.done.connect(self.contents.take_edit)
        self.models.counts.counted.connect(self.contents.take_counts)
        self.plate.opened.connect(self._open)
        self.plate.selected.connect(lambda wells: self._show_selection(wells or self.browser.entities))
        self.browser.annotation_column_shown.connect(self._commands["annotations"].setChecked)
        self._leave()
        self._show_connection()

    def _show_connection(self) -> None:
        account = self.connection.account
        self.window().setWindowTitle(f"{self.connection.server} – {NAME}" if account else NAME)  # noqa: RUF001 - a dash
        for name in ("disconnect", "refresh"):
            self._commands[name].setEnabled(account is not None)
        self._side.setEnabled(account is not None)

    def _enter(self, account: Account) -> None:
        """Show what belongs to an account."""
        self.contents.reset()
        self.tree.clear()
        self._scope.show_account(account)
        self.browser.setFocus()

    def _leave(self) -> None:
        """Show nothing of anybody's."""
        self.centre.close_all()
        self._scope.show_account(None)
        self.contents.reset()
        self.tree.clear()
        self.models.plate.clear()
        self._show_selection(())

    def _retry_failed(self) -> None:
        """Read again what failed meanwhile."""
        self.tree.retry_failed()
        self.contents.retry_failed()
        self.models.plate.retry_failed()

    def _of_one_kind(self) -> tuple[Ref, ...]:
        """The selected images, or datasets if the first of what is selected is one."""
        refs = [entity.ref for entity in self._selection if entity.ref.kind in (Kind.IMAGE, Kind.DATASET)]
        return tuple(ref for ref in refs if ref.kind == refs[0].kind)

    def _refresh_folder(self) -> None:
        """Show what the folder's server has found; where a list is still being fetched, that shows it."""
        if self.connection.folder and not (self.scan.busy and self.tree.progress):
            self.browser.refresh_all()

    def _show_selection(self, entities: Sequence[Entity]) -> None:
        self._selection = tuple(entities)
        self._commands["copy"].setEnabled(bool(entities))
        self._compare.select(entities, self._commands.actions)
        self.editing.select(self._selection)
        if entities:
            self._details.show_entities(entities, self.connection.account)
        self._stack.setCurrentWidget(self._selected if entities else self._welcome)

    def _show_plate(self) -> None:
        """Show the plate or run that is selected, or that holds the well or field that is."""
        path = self.tree.path(self.browser.view.currentIndex())
        place = next((ref for ref in reversed(path) if ref.kind in _HOLD_WELLS), None)
        self.plate.setVisible(place is not None and bool(self.browser.entities))
        if place is not None:
            self.models.plate.open(place)
            for well in (ref for ref in path if ref.kind == Kind.WELL):
                self.plate.select(well.id)

    def _refresh(self) -> None:
        """Fetch again what is shown."""
        self.browser.refresh()
        if self.plate.isVisibleTo(self._stack):
            self.models.plate.refresh()

    def _open(self, entity: Entity) -> None:
        """Show an image; of what holds others a double click opens the row alone."""
        if entity.ref.kind == Kind.IMAGE:
            self.centre.open_image(entity.ref, labels.name(entity))

    def _choose_theme(self, choice: ThemeChoice, _checked: bool = False) -> None:
        self._theme.choose(choice)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(description.as_text(self._selection))


def _stack(parent: QWidget, *widgets: QWidget) -> None:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    column.setStretchFactor(widgets[-1], 1)
