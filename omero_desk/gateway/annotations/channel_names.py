"""The names of the channels of many images, for those who want to give them others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import ChannelNames
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations.counts import MOST_IDS
from omero_desk.gateway.images.image import MOST_CHANNELS
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_OF_DATASETS: Final = "select d.child.id from DatasetImageLink d where d.parent.id in ({})"
_OF_PROJECTS: Final = "select u.child.id from ProjectDatasetLink u where u.parent.id in (:ids)"
_OF_SCREENS: Final = "select u.child.id from ScreenPlateLink u where u.parent.id in (:ids)"
_OF_WELLS: Final = "select s.image.id from WellSample s where s.{} in ({})"
_IMAGES: Final[Mapping[str, str]] = {
    Kind.IMAGE: ":ids",
    Kind.DATASET: _OF_DATASETS.format(":ids"),
    Kind.PROJECT: _OF_DATASETS.format(_OF_PROJECTS),
    Kind.WELL: _OF_WELLS.format("well.id", ":ids"),
    Kind.RUN: _OF_WELLS.format("plateAcquisition.id", ":ids"),
    Kind.PLATE: _OF_WELLS.format("well.plate.id", ":ids"),
    Kind.SCREEN: _OF_WELLS.format("well.plate.id", _OF_SCREENS),
}
"""The ids of the images below objects of a kind, as conditions of HQL."""
_NAMES: Final = """
    select x.image.id, x.image.details.group.id, x.id, l.name from Pixels x join x.channels c join c.logicalChannel l
    where x.image.id in ({}) order by x.image.id, x.id, index(c)"""


def channel_names(session: LaneSession, refs: Sequence[Ref]) -> tuple[ChannelNames, ...]:
    """Return the names of the channels of images, or of all images below containers, each image once, by their ids.

    The objects are of one kind. One round trip for 30,000 of them. Of an image with several pixels the first count.
    """
    if not refs or refs[0].kind not in _IMAGES:
        return ()
    query, ids = _NAMES.format(_IMAGES[refs[0].kind]), [ref.id for ref in refs]
    names: dict[int, list[str]] = {}
    of: dict[int, tuple[int, int]] = {}
    for start in range(0, len(ids), MOST_IDS):
        seen = set(names)
        for image, group, pixels, name in session.projection(query, {"ids": ids[start : start + MOST_IDS]}):
            if image not in seen and of.setdefault(image, (group, pixels))[1] == pixels:
                names.setdefault(image, []).append(shown(name))
    return tuple(
        ChannelNames(Ref(Kind.IMAGE, image), of[image][0], tuple(names[image][:MOST_CHANNELS]))
        for image in sorted(names)
    )
