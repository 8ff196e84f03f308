"""What can be done with an attached file: download it, open it, look into it, attach it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu

from omero_desk.entities.annotations import Annotation, StoredFile
from omero_desk.entities.objects import Account, Entity
from omero_desk.models.annotations import description
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.files.downloads import DownloadsModel
from omero_desk.models.annotations.files.endings import may_open, may_preview, safe_name
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.translation import translate
from omero_desk.views.annotations.files.choice_dialog import FileChoiceDialog
from omero_desk.views.annotations.files.preview_dialog import PreviewDialog
from omero_desk.views.annotations.items_section import AttachmentsSection, ItemsSection, file_of


class Attachments(QObject):
    """Stands between the sections with files and the `DownloadsModel`."""

    def __init__(
        self,
        downloads: DownloadsModel,
        previews: Lookup[StoredFile, bytes],
        lookups: Lookups,
        edits: EditsModel,
        account: Callable[[], Account | None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self.downloads, self._previews, self._lookups = downloads, previews, lookups
        self._edits, self._account, self._window = edits, account, window
        downloads.arrived.connect(_open_with_system)

    def serve(self, section: ItemsSection) -> None:
        """Fill the menus of a section of files; those of attachments also open, and attach what is there."""
        section.menu_wanted.connect(self._fill)
        if isinstance(section, AttachmentsSection):
            section.opened.connect(self.open)
            section.choose_wanted.connect(self.choose)

    def open(self, one: Annotation) -> None:
        """Open a file with the system's program."""
        file = file_of(one)
        if file is not None:
            self.downloads.open(file)

    def save(self, file: StoredFile) -> None:
        """Ask for a place, and download a file to it."""
        title = translate("Annotations", "Download")
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, safe_name(file.name))
        if chosen:
            self.downloads.save(file, Path(chosen))

    def preview(self, file: StoredFile) -> PreviewDialog:
        """Show the beginning of a text file."""
        dialog = PreviewDialog(self._previews, file, self._window)
        dialog.download.clicked.connect(lambda _checked=False: self.save(file))
        dialog.open()
        return dialog

    def choose(self, entities: Sequence[Entity]) -> FileChoiceDialog | None:
        """Ask which of the files of the group is to be attached to objects."""
        group = entities[0].group_id if entities else None
        if group is None:
            return None
        dialog = FileChoiceDialog(
            self._lookups.files, group, description.heading(entities), self._account, self._window
        )
        author = self._edits.author
        dialog.chosen.connect(lambda one: self._edits.put(entities, one.type, one.id, _name(one), author))
        dialog.open()
        return dialog

    def _fill(self, one: Annotation, menu: QMenu) -> None:
        file = file_of(one)
        if file is None:
            return
        can = may_open(file.name)
        words = translate("Annotations", "&Open")
        if not can:
            words = translate("Annotations", "Open – programs and scripts are only downloaded")  # noqa: RUF001 - a dash
        menu.addAction(words, lambda: self.downloads.open(file)).setEnabled(can)
        if may_preview(file.name, file.mimetype):
            menu.addAction(translate("Annotations", "&Preview"), lambda: self.preview(file))
        menu.addAction(translate("Annotations", "&Download…"), lambda: self.save(file))


def _name(one: Annotation) -> str:
    file = file_of(one)
    return file.name if file is not None else str(one.id)


def _open_with_system(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
