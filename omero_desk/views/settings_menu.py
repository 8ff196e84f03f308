"""The menu of an image's rendering settings: whose are used, copying and pasting them, saving them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox, QToolButton, QWidget

from omero_desk.gateway.entities import Kind, Ref
from omero_desk.gateway.image_entities import RenderingSettings
from omero_desk.models.image import ImageModel
from omero_desk.models.images import ImagesModel
from omero_desk.views import icons


class SettingsMenu(QMenu):
    """Follows an image among `images`; its actions belong to `viewer`, where their keys work.

    `neighbours` gives what else the settings can be applied to: images or datasets that are selected.
    """

    def __init__(
        self, model: ImageModel, images: ImagesModel, viewer: QWidget, neighbours: Callable[[], tuple[Ref, ...]]
    ) -> None:
        super().__init__("Settings", viewer)
        self._model, self._images, self._neighbours, self._viewer = model, images, neighbours, viewer
        self._undo = self._add("&Undo", "Ctrl+Z", model.undo)
        self._redo = self._add("&Redo", "Ctrl+Shift+Z", model.redo)
        self.addSeparator()
        self._copy = self._add("&Copy settings", "Ctrl+Shift+C", lambda: images.copy_settings(model), "copy")
        self._paste = self._add("&Paste settings", "Ctrl+Shift+V", self._paste_copied, "paste")
        self.addSeparator()
        self._save = self._add("&Save as my settings", "Ctrl+Shift+S", lambda: images.save_settings(model), "save")
        self._apply = self._add("Save and &apply to the selection…", "", self._ask_to_apply)
        self.addSection("Use the settings")
        self._choices: list[QAction] = []
        self.aboutToShow.connect(self._show_choices)
        model.settings_changed.connect(self._enable)
        model.opened.connect(self._enable)
        images.changed.connect(self._enable)
        self._enable()

    def button(self) -> QToolButton:
        """A button for a toolbar that opens the menu."""
        button = QToolButton()
        button.setText("Settings")
        button.setIcon(icons.icon("colour"))
        button.setToolTip("Use, copy, save rendering settings")
        button.setAccessibleName("Rendering settings")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self)
        return button

    def _add(self, text: str, key: str, act: Callable[[], object], icon: str = "") -> QAction:
        action = self.addAction(text)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._viewer.addAction(action)
        if icon:
            action.setIcon(icons.icon(icon))
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _enable(self) -> None:
        model = self._model
        is_open = model.info is not None
        self._undo.setEnabled(model.can_undo)
        self._redo.setEnabled(model.can_redo)
        self._paste.setEnabled(is_open and self._images.copied is not None)
        for action in (self._copy, self._save, self._apply):
            action.setEnabled(is_open)

    def _show_choices(self) -> None:
        for action in self._choices:
            self.removeAction(action)
            action.deleteLater()
        self._choices = []
        if self._model.info is None:
            return
        for choice in self._model.choices:
            action = self.addAction(choice.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(choice.settings.channels == self._model.settings.channels)
            action.triggered.connect(partial(self._use, choice.settings))
            self._choices.append(action)
        self._apply.setEnabled(bool(self._neighbours()))

    def _use(self, settings: RenderingSettings, _checked: bool = False) -> None:
        self._model.set_settings(settings)

    def _paste_copied(self) -> None:
        if self._images.copied is not None:
            self._model.adopt(self._images.copied)

    def _ask_to_apply(self) -> None:
        refs = self._neighbours()
        if refs:
            box = apply_question(refs, self._viewer)
            box.accepted.connect(lambda: self._images.save_settings(self._model, refs))
            box.open()


def apply_question(refs: tuple[Ref, ...], parent: QWidget) -> QMessageBox:
    """The question before settings are applied; `accepted` if they shall be."""
    what = "dataset" if refs[0].kind == Kind.DATASET else "image"
    words = f"the {len(refs):,} selected {what}s" if len(refs) > 1 else f"the selected {what}"
    box = QMessageBox(QMessageBox.Icon.Warning, "Apply settings", f"Render {words} like this image?", parent=parent)
    all_of = "All images in it are changed. " if what == "dataset" else ""
    box.setInformativeText(f"{all_of}Your own settings of those images are replaced. This cannot be undone.")
    box.addButton("&Apply", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
