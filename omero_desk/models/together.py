"""Images that are gone through together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from omero_desk.models.image import ImageModel


class Together(QObject):
    """What is changed of one of its images is changed of the others too: `z`, `t` and `channels` say what of it.

    An image that has fewer planes stays at its last one, one that has fewer channels takes what it has over.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.z = self.t = True
        self.channels = False
        self._images: list[ImageModel] = []
        self._following = False

    def add(self, image: ImageModel) -> None:
        """Have an image go with the others."""
        self._images.append(image)
        image.plane_changed.connect(partial(self._follow_plane, image))
        image.settings_changed.connect(partial(self._follow_settings, image))
        image.opened.connect(self._join)

    def align(self, leader: ImageModel) -> None:
        """Have all go where one is."""
        self._follow_plane(leader)
        self._follow_settings(leader)

    def _join(self) -> None:
        """Have one that has just been opened go where the first is."""
        self.align(self._images[0])

    def _follow_plane(self, leader: ImageModel) -> None:
        place = leader.z if self.z else None, leader.t if self.t else None
        self._have_others(leader, lambda image: image.set_plane(*place))

    def _follow_settings(self, leader: ImageModel) -> None:
        if self.channels:
            self._have_others(leader, lambda image: image.adopt(leader.settings))

    def _have_others(self, leader: ImageModel, follow: Callable[[ImageModel], object]) -> None:
        """What the others change then is not followed by anybody."""
        if self._following or leader.info is None:
            return
        self._following = True
        for image in self._images:
            if image is not leader and image.info is not None:
                follow(image)
        self._following = False
