"""Images of every kind on a real server, and what their pixels are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.server.database.store import Store
from tests.support.gallery import Gallery, people, ramp
from tests.support.server_process import ServerProcess, running_server

TYPES: Final = {
    "bit": "bool",
    "int8": "int8",
    "uint8": "uint8",
    "int16": "int16",
    "uint16": "uint16",
    "int32": "int32",
    "uint32": "uint32",
    "float": "float32",
    "double": "float64",
}
"""OMERO's names of pixel types, and numpy's."""
STACK: Final = ramp((2, 3, 4, 20, 30))  # T, C, Z, Y, X
PYRAMID: Final = [ramp((2, 4096 >> n, 4096 >> n), "uint8", seed=n) for n in (0, 2, 4)]
DEEP: Final = [ramp((3, 200 >> n, 52_000 >> n), "uint8", seed=n) for n in (0, 2, 4)]
"""A pyramid of sections."""
SMALLER: Final = 4
"""From one level of the pyramid to the next."""


def _typed(name: str) -> NDArray[Any]:
    if name == "bool":
        return np.random.default_rng(1).integers(0, 2, (2, 12, 9)).astype(bool)
    return ramp((2, 12, 9), name, seed=1)


def _strange() -> NDArray[Any]:
    array = ramp((1, 8, 8), "float32", seed=2)
    array[0, 0, :4] = np.nan, np.inf, -np.inf, 0
    return array


ARRAYS: Final[dict[str, NDArray[Any]]] = {
    **{kind: _typed(name) for kind, name in TYPES.items()},
    "strange": _strange(),
    "constant": np.full((1, 8, 8), 7, "uint16"),
    "dot": np.array([[[7]]], "uint8"),
    "many": ramp((60, 16, 20), "uint16", seed=3),
    "broken": ramp((1, 8, 8), "uint8"),
    "odd": ramp((1, 301, 517), "uint16"),
}
"""Images of one plane a channel, by name: C, Y, X."""


@dataclass
class PictureLibrary:
    """A server with images by name. They are ada's, whose password is her name, and lie where ben reads them too."""

    server: ServerProcess
    ids: dict[str, int]
    people: dict[str, int]
    paths: dict[str, Path] = field(default_factory=dict)
    sound: bytes = b""
    """The broken file as it was before."""

    def ref(self, name: str) -> Ref:
        """The image of that name."""
        return Ref(Kind.IMAGE, self.ids[name])

    def sign_in(self, user: str = "ada", port: int | None = None) -> SignIn:
        """What the connection dialog would hand over."""
        return SignIn(self.server.host, port or self.server.ssl_port, user, user)


@contextmanager
def picture_library(folder: Path) -> Iterator[PictureLibrary]:
    """Make the library in a folder, and serve it."""
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    images = {name: gallery.add(name, array, "CYX") for name, array in ARRAYS.items()}
    images["stack"] = gallery.add("stack", STACK, "TCZYX", PhysicalSizeX=0.5, PhysicalSizeXUnit="µm")
    images["fine"] = gallery.add("fine", STACK[0, :, 0], "CYX", PhysicalSizeX=0.25, PhysicalSizeXUnit="µm")
    images["pyramid"] = gallery.add_pyramid("pyramid", PYRAMID, (256, 256))
    images["deep"] = gallery.add_pyramid("deep", DEEP, (256, 256), "ZYX")
    store.close()
    sound = gallery.path("broken").read_bytes()
    gallery.path("broken").write_bytes(b"II*\0nonsense")
    with running_server(folder) as server:
        yield PictureLibrary(server, images, ids, {name: gallery.path(name) for name in images}, sound)


@dataclass
class Reported:
    """Collects what a model reports as an error that nobody expected."""

    errors: list[BaseException] = field(default_factory=list)

    def __call__(self, error: BaseException) -> None:
        self.errors.append(error)
