"""Image files entered into a library before its server starts: real pixels for tests of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.bootstrap import EVENT_ID
from omero_desk.server.database.rows import PRIVATE
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import REPOSITORY, read_image_file


def people(store: Store) -> dict[str, int]:
    """Add ada and ben, who share a private group and a read-only one; returns their ids by name."""
    with store.write() as connection:
        schema = store.schema
        ids = {
            "private": create_group(schema, connection, "private lab", "rw----"),
            "shared": create_group(schema, connection, "shared lab", "rwr---"),
        }
        groups = list(ids.values())
        for name in ("ada", "ben"):
            ids[name] = create_user(
                schema, connection, name, first_name=name.title(), last_name="Lab", groups=groups, password=name
            )
    return ids


class Gallery:
    """Makes OME-TIFF files in a library's repository and enters them."""

    def __init__(self, store: Store, owner: int, group: int) -> None:
        self._store = store
        self.details = {
            "owner_id": owner,
            "group_id": group,
            "creation_id": EVENT_ID,
            "update_id": EVENT_ID,
            "permissions": PRIVATE,
        }

    def path(self, name: str) -> Path:
        """Return where the file of an image lies."""
        return self._store.folder / REPOSITORY / f"user_{self.details['owner_id']}" / f"{name}.ome.tif"

    def add(self, name: str, array: NDArray[Any], axes: str, **metadata: Any) -> int:
        """Make an image of an array; returns its id."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tifffile.TiffWriter(path, ome=True) as tiff:
            tiff.write(array, photometric="minisblack", metadata={"axes": axes, **metadata})
        return self._enter(name, path)

    def add_pyramid(
        self, name: str, levels: list[NDArray[Any]], tile: tuple[int, int] = (64, 64), axes: str = "CYX"
    ) -> int:
        """Make an image of (channel, height, width) arrays, or of sections, the finest first."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tifffile.TiffWriter(path, ome=True) as tiff:
            options: dict[str, Any] = {"photometric": "minisblack", "tile": tile}
            tiff.write(levels[0], subifds=len(levels) - 1, metadata={"axes": axes}, **options)
            for level in levels[1:]:
                tiff.write(level, subfiletype=1, metadata=None, **options)
        return self._enter(name, path)

    def enter(self, name: str) -> int:
        """Enter a file that somebody put at `path(name)`; returns the image's id."""
        return self._enter(name, self.path(name))

    def _enter(self, name: str, path: Path) -> int:
        file = read_image_file(path)
        folder = self._store.folder
        with self._store.write() as connection:
            rows = ImageRows(self._store.schema, connection)
            original = rows.add_image_file(folder, file, self.details)
            (fileset,) = rows.add_filesets(folder, [(file, original, self.details)])
            (image,) = rows.add_images([NewImage(file.images[0], fileset, name, self.details)])
        return image


def ramp(shape: tuple[int, ...], dtype: str = "uint16", seed: int = 0) -> NDArray[Any]:
    """Return pixels of all sorts of values."""
    kind = np.dtype(dtype)
    rng = np.random.default_rng(seed)
    if kind.kind == "f":
        return (rng.normal(size=shape) * 100).astype(kind)
    limits = np.iinfo(kind)
    return rng.integers(limits.min, limits.max, shape, kind, endpoint=True)
