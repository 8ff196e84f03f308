"""A laboratory whose library has pictures: somebody else's, in the group that the user may be removed from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from omero_desk.entities.objects import Entity, Kind, Ref, natural_key
from omero_desk.server.access.accounts import create_user
from omero_desk.server.database.store import Store
from tests.faults.laboratory import Laboratory
from tests.support.gallery import Gallery, ramp

SLIDE: Final = [ramp((1, 1024 >> n, 1024 >> n), "uint8", seed=n) for n in (0, 2)]
STACK: Final = ramp((2, 8, 10, 12), "uint8", seed=9)  # C, Z, Y, X
TILE: Final = 32
PORTRAITS: Final = 24
ROIS: Final = 30


class PictureLaboratory(Laboratory):
    """`slide` and `stack` are images, `rois` the ids of the stack's regions; `portraits` fill a grid."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        super().__init__(folder, *arguments)
        store = Store(folder)
        with store.write() as connection:
            names = {"first_name": "Ben", "last_name": "Lab"}
            owner = create_user(store.schema, connection, "ben", groups=[self.library.group], password="ben", **names)
        gallery = Gallery(store, owner, self.library.group)
        self.slide = Ref(Kind.IMAGE, gallery.add_pyramid("slide", SLIDE, (TILE, TILE)))
        self.stack = Ref(Kind.IMAGE, gallery.add("stack", STACK, "CZYX"))
        self.portraits = [_portrait(gallery, number) for number in range(PORTRAITS)]
        with store.write() as connection:
            rois = store.insert_rows(connection, "Roi", [{**gallery.details, "image_id": self.stack.id}] * ROIS)
            boxes = [
                {**gallery.details, "roi_id": roi, "roi_index": 0, "x": float(n), "y": 1.0, "width": 2.0, "height": 3.0}
                for n, roi in enumerate(rois)
            ]
            self.rois = store.insert_rows(connection, "Rectangle", boxes)
        store.close()


def _portrait(gallery: Gallery, number: int) -> Entity:
    """An image that looks like no other."""
    pixels = np.full((8, 8), 10 * number, "uint8")
    pixels[:, :4] = 255 - 10 * number
    pixels[0, 0], pixels[0, 1] = 0, 255
    name = f"portrait{number:02}"
    ref = Ref(Kind.IMAGE, gallery.add(name, pixels, "YX"))
    owner, group = gallery.details["owner_id"], gallery.details["group_id"]
    return Entity(ref, name, natural_key(name), None, 0, owner_id=owner, group_id=group)
