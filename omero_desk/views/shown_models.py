"""The models that the main window shows."""

from __future__ import annotations

from dataclasses import dataclass

from omero_desk.models.connection import ConnectionModel
from omero_desk.models.contents import ContentsModel
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.models.edits import EditsModel
from omero_desk.models.exports import ExportsModel
from omero_desk.models.gathering import GatheringModel
from omero_desk.models.image_sizes import ImageSizesModel
from omero_desk.models.images import ImagesModel
from omero_desk.models.messages import MessagesModel
from omero_desk.models.plate import PlateModel
from omero_desk.models.regions import RegionsModel
from omero_desk.models.services import ServicesModel
from omero_desk.models.tasks import Tasked
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.models.tree import OmeroTreeModel


@dataclass(frozen=True)
class Models:
    """All that the window shows."""

    connection: ConnectionModel
    messages: MessagesModel
    tree: OmeroTreeModel
    counts: AnnotationCountsModel
    edits: EditsModel
    services: ServicesModel
    images: ImagesModel
    contents: ContentsModel
    thumbnails: ThumbnailsModel
    gathering: GatheringModel
    sizes: ImageSizesModel
    exports: ExportsModel
    plate: PlateModel
    regions: RegionsModel

    @property
    def working(self) -> tuple[Tasked, ...]:
        """Those that have things under way."""
        of_images = self.images, self.thumbnails, self.gathering, self.sizes, self.exports, self.plate, self.regions
        return self.connection, self.tree, self.counts, self.edits, self.services, *of_images
