"""Regions of interest as a part of the window: the shapes of all images that are open, and those not saved yet."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.rois.source import ReadsRois
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.rois.commands import OF_SELECTED, ROI_COMMANDS


class RoisPart(Part):
    """Gives viewers the `model`, and tells of unsaved shapes."""

    keys = (*ROI_COMMANDS, *OF_SELECTED)

    def __init__(self, shared: Shared, reader: ReadsRois) -> None:
        self.model = RegionsModel(reader, shared.account, shared.messages, shared.window)
        self.models = (self.model,)

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return self.model.unsaved_work()
