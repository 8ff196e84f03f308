"""Each user is shown an image's thumbnail by their own settings, whoever asked for one first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import omero
import pytest
from omero.rtypes import rint
from PIL import Image

from tests.support.server_process import running_server
from tests.support.wire_lab import WireLab, new_image, wire_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireLab]:
    with running_server(tmp_path_factory.mktemp("own-settings")) as server, wire_lab(server) as made:
        yield made


def middle(gateway: Any, image: int, size: int) -> int:
    jpeg = gateway.getThumbnailSet([image], max_size=size)[image]
    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"))
    return int(grey[grey.shape[0] // 2, grey.shape[1] // 2])


def versions(gateway: Any, image: int) -> list[tuple[int, int, int]]:
    """Return owner, side and version of each kept thumbnail of an image."""
    hql = "select t.details.owner.id, t.sizeX, t.version from Thumbnail t where t.pixels.image.id = :id order by t.id"
    found = gateway.getQueryService().projection(hql, omero.sys.ParametersI().addId(image))
    return [(row[0].val, row[1].val, row[2].val) for row in found]


def save_settings(gateway: Any, image: int, least: int) -> None:
    found = gateway.getObject("Image", image)
    found.setActiveChannels([1], [[least, 2000]], ["FFFFFF"])
    found.saveDefaults()


def get(gateway: Any, image: int, side: int) -> None:
    store = gateway.createThumbnailStore()
    store.setPixelsId(gateway.getObject("Image", image).getPixelsId())
    assert store.getThumbnail(rint(side), rint(side))
    store.close()


def test_that_versions_are_counted_of_each_user(lab: WireLab) -> None:
    """ThumbnailBean._createThumbnail: what is dirty is counted up, and who has other settings begins with 1."""
    ada: Any = lab.gateway("ada")
    ben = lab.gateway("ben")
    ada_id, ben_id = lab.ids["ada"], lab.ids["ben"]
    image = new_image(ben, "counted", np.arange(64, dtype="uint16").reshape(8, 8))
    save_settings(ben, image, 1)
    get(ben, image, 16)
    assert versions(ben, image) == [(ben_id, 16, 0)]
    save_settings(ben, image, 2)
    assert versions(ben, image) == [(ben_id, 16, 0)]
    get(ben, image, 16)
    get(ben, image, 24)
    assert versions(ben, image) == [(ben_id, 16, 1), (ben_id, 24, 0)]
    save_settings(ada, image, 3)
    get(ada, image, 16)
    pixels = ada.getObject("Image", image).getPixelsId()
    store = ada.createThumbnailStore()
    assert store.getThumbnailByLongestSideSet(rint(24), [pixels])[pixels]
    store.close()
    assert versions(ben, image) == [(ben_id, 16, 1), (ben_id, 24, 0), (ada_id, 16, 1), (ada_id, 24, 1)]


@pytest.mark.parametrize(("size", "order"), [(72, "ben ada"), (97, "ada ben"), (120, "ben ada ben ada")])
def test_that_a_thumbnail_is_by_the_users_own_settings(lab: WireLab, size: int, order: str) -> None:
    people = {name: lab.gateway(name) for name in ("ada", "ben")}
    image = new_image(people["ben"], "x", np.arange(64 * 96, dtype="uint16").reshape(64, 96))
    of_ada = people["ada"].getObject("Image", image)
    of_ada.setActiveChannels([1], [[100, 2000]], ["FFFFFF"])
    of_ada.saveDefaults()
    found = [(name, middle(people[name], image, size)) for name in order.split()]
    assert all(value > 245 if name == "ada" else 115 < value < 145 for name, value in found), found
