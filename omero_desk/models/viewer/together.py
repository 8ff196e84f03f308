"""Images whose planes and settings change together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from omero_desk.models.viewer.image import ImageModel


class Together(QObject):
    """Applies changes of one of its images to the others: of the section if `z`, the time point if `t`, the settings if
    `channels` is True.

    An image with fewer planes stays at its last one; one with fewer channels takes over the settings of those it has.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.z = self.t = True
        self.channels = False
        self._images: list[ImageModel] = []
        self._following = False

    def add(self, image: ImageModel) -> None:
        """Let an image follow the others, and the others follow it."""
        self._images.append(image)
        image.plane_changed.connect(partial(self._follow_plane, image))
        image.settings_changed.connect(partial(self._follow_settings, image))
        image.opened.connect(self._join)

    def align(self, leader: ImageModel) -> None:
        """Show the plane and use the settings of one image in all others."""
        self._follow_plane(leader)
        self._follow_settings(leader)

    def _join(self) -> None:
        """Align an image that has just been opened with the first one."""
        self.align(self._images[0])

    def _follow_plane(self, leader: ImageModel) -> None:
        place = leader.z if self.z else None, leader.t if self.t else None
        self._have_others(leader, lambda image: image.set_plane(*place))

    def _follow_settings(self, leader: ImageModel) -> None:
        if self.channels:
            self._have_others(leader, lambda image: image.adopt(leader.settings))

    def _have_others(self, leader: ImageModel, follow: Callable[[ImageModel], object]) -> None:
        """Change the other images, whose own signals are ignored meanwhile."""
        if self._following or leader.info is None:
            return
        self._following = True
        for image in self._images:
            if image is not leader and image.info is not None:
                follow(image)
        self._following = False
