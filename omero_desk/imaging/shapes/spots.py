"""Shapes at a single place: points and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from omero_desk.entities.rois import Shape
from omero_desk.imaging.affine import Place
from omero_desk.imaging.shapes.geometry import NumberedGeometry


class SpotGeometry(NumberedGeometry):
    """The numbers are the place."""

    has_length = False

    @override
    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        return replace(shape, numbers=places[0])
