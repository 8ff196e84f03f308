"""Wrappers of OMERO's objects that hide rtypes and load lazily; other packages subclass and register them."""

from omero_desk.gateway.wrappers.desk_wrappers import (
    DatasetWrapper,
    DeskWrapper,
    ImageWrapper,
    PlateAcquisitionWrapper,
    PlateWrapper,
    ProjectWrapper,
    ScreenWrapper,
    WellWrapper,
)
from omero_desk.gateway.wrappers.row_queries import Children, Row

__all__ = [
    "Children",
    "DatasetWrapper",
    "DeskWrapper",
    "ImageWrapper",
    "PlateAcquisitionWrapper",
    "PlateWrapper",
    "ProjectWrapper",
    "Row",
    "ScreenWrapper",
    "WellWrapper",
]
