"""The parts of a window under the names that tests use: what a workbench itself does not know."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAction

from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.gathering import GatheringModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.messages import MessagesModel
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.tasks import Tasked
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.views.annotations.editing import Editing
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.connection.connect_dialog import ConnectDialog
from omero_desk.views.connection.part import ConnectionPart
from omero_desk.views.gallery.contents_panel import ContentsPanel
from omero_desk.views.gallery.part import GalleryPart
from omero_desk.views.plates.part import PlatesPart
from omero_desk.views.plates.plate_panel import PlatePanel
from omero_desk.views.rois.part import RoisPart
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.tree.part import TreePart
from omero_desk.views.window.centre_view import CentreView
from omero_desk.views.window.viewer_part import ViewerPart
from omero_desk.views.window.workbench import Workbench


class ModelsOf:
    """The models of a workbench."""

    def __init__(self, workbench: Workbench) -> None:
        gallery, annotations = workbench.part(GalleryPart), workbench.part(AnnotationsPart)
        self.thumbnails: ThumbnailsModel = gallery.thumbnails
        self.contents: ContentsModel = gallery.contents
        self.gathering: GatheringModel = gallery.gathering
        self.sizes: ImageSizesModel = gallery.sizes
        self.tree: OmeroTreeModel = workbench.part(TreePart).model
        self.regions: RegionsModel = workbench.part(RoisPart).model
        self.counts: AnnotationCountsModel = annotations.counts
        self.edits: EditsModel = annotations.edits
        self.plate: PlateModel = workbench.part(PlatesPart).model
        self.images: ImagesModel = workbench.part(ViewerPart).images
        self.working: tuple[Tasked, ...] = workbench.working


class Bench:
    """What a test sees of a workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self.models = ModelsOf(workbench)
        self.connection: ConnectionModel = workbench.connection
        self.messages: MessagesModel = workbench.messages
        self.tree: OmeroTreeModel = workbench.part(TreePart).model
        self.browser: BrowserView = workbench.part(TreePart).browser
        self.gallery: ContentsPanel = workbench.part(GalleryPart).panel
        self.plate: PlatePanel = workbench.part(PlatesPart).panel
        self.centre: CentreView = workbench.part(ViewerPart).centre
        self.editing: Editing = workbench.part(AnnotationsPart).editing

    @property
    def annotation_column(self) -> bool:
        return self.command("annotations").isChecked()

    def command(self, identity: str) -> QAction:
        return self.workbench.command(identity)

    def open_connect_dialog(self, *arguments: Any) -> ConnectDialog:
        return self.workbench.part(ConnectionPart).sign_in.open(*arguments)
