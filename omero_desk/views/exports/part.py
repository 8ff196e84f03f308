"""Exports as a part of the window: files that are being written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from typing_extensions import override

from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.exports.exports import ExportsModel, ReadExportPlanes, StartFile, WriteBytes
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.parts.part import Part, Shared


class ExportsPart(Part):
    """Holds the `model` through which viewers write files; what is under way is among the activities."""

    def __init__(
        self,
        shared: Shared,
        activities: ActivitiesModel,
        read: ReadExportPlanes,
        start_file: StartFile,
        write: WriteBytes,
    ) -> None:
        self.model = ExportsModel(read, start_file, write, shared.messages, shared.window, activities)
        self.model.show_file = show_folder_of
        self.models = (self.model,)

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return self.model.unsaved_work()


def show_folder_of(path: Path) -> None:
    """Open the folder of a file that the user has saved, in the system's own program for folders."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
