"""The menu of an image's rendering settings: undo, copy and paste, save, and use those of other users."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.entities.images import RenderingSettings
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.translation import plural, translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.views.messages.question import Question
from omero_desk.views.parts.actions import action_of, explain
from omero_desk.views.parts.command import Command
from omero_desk.views.viewer.commands import APPLY, COPY, PASTE, REDO, SAVE, UNDO
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets.names import add_named


class SettingsMenu(QMenu):
    """Follows an image among `images`; its actions belong to `viewer`, where their keys work.

    `neighbours` returns the selected images or datasets that the settings can be applied to.
    """

    def __init__(
        self, model: ImageModel, images: ImagesModel, viewer: ImageViewer, neighbours: Callable[[], tuple[Ref, ...]]
    ) -> None:
        super().__init__(translate("Rendering", "Rendering settings"), viewer)
        self.setToolTipsVisible(True)
        self._model, self._images, self._neighbours, self._viewer = model, images, neighbours, viewer
        self.undo = self._add(UNDO, model.undo)
        self.redo = self._add(REDO, model.redo)
        self.addSeparator()
        self._copy = self._add(COPY, lambda: images.copy_settings(model))
        self._paste = self._add(PASTE, self._paste_copied)
        self.addSeparator()
        self.save = self._add(SAVE, lambda: images.save_settings(model))
        self._apply = self._add(APPLY, self._ask_to_apply)
        self.addSection(translate("Rendering", "Use settings"))
        self._choices: list[QAction] = []
        self.aboutToShow.connect(self._show_choices)
        model.settings_changed.connect(self._enable)
        model.opened.connect(self._enable)
        images.changed.connect(self._enable)
        self._enable()

    def _add(self, command: Command, act: Callable[[], object]) -> QAction:
        action = action_of(command, lambda _checked=False: act(), self)
        self.addAction(action)
        self._viewer.addAction(action)
        self._viewer.register(command, action)
        return action

    def _enable(self) -> None:
        model = self._model
        no_image = "" if model.info is not None else translate("Viewer", "The image is not there yet")
        nothing = translate("Rendering", "No settings were copied") if self._images.copied is None else ""
        explain(self.undo, UNDO, "" if model.can_undo else translate("Rendering", "Nothing was changed"))
        explain(self.redo, REDO, "" if model.can_redo else translate("Rendering", "Nothing was undone"))
        explain(self._paste, PASTE, no_image or nothing)
        for action, command in ((self._copy, COPY), (self.save, SAVE), (self._apply, APPLY)):
            explain(action, command, no_image)

    def _show_choices(self) -> None:
        for action in self._choices:
            self.removeAction(action)
            action.deleteLater()
        self._choices = []
        if self._model.info is None:
            return
        for choice in self._model.choices:
            action = add_named(self, choice.name)
            action.setCheckable(True)
            action.setChecked(choice.settings.channels == self._model.settings.channels)
            action.triggered.connect(partial(self._use, choice.settings))
            self._choices.append(action)
        nothing = "" if self._neighbours() else translate("Rendering", "No image and no dataset is selected")
        explain(self._apply, APPLY, nothing)

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


def apply_question(refs: tuple[Ref, ...], parent: QWidget) -> Question:
    """Return the question before settings are applied to images or datasets; it emits `accepted` if the user agrees."""
    of_datasets, count = refs[0].kind == Kind.DATASET, len(refs)
    if of_datasets:
        question = plural(
            "Rendering",
            "Render the images in the %n selected datasets like this image?",
            "Render the images in the selected dataset like this image?",
            count,
        )
    else:
        question = plural(
            "Rendering",
            "Render the %n selected images like this image?",
            "Render the selected image like this image?",
            count,
        )
    all_of = plural("Rendering", "All images in them are changed.", "All images in it are changed.", count)
    lost = translate("Rendering", "Your own settings of those images are replaced. This cannot be undone.")
    box = Question(question, f"{all_of} {lost}" if of_datasets else lost, parent)
    box.add_verb(translate("Rendering", "&Apply"), danger=True)
    box.add_cancel(default=True)
    box.box.accepted.connect(box.accept)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
