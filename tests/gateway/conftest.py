"""A laboratory's library for the gateway: what is in it stands in `Lab`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from sqlalchemy import Connection

from omero_desk.entities.objects import SignIn
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ServerProcess, running_server

RATING = "openmicroscopy.org/omero/insight/rating"


@dataclass
class Lab:
    """Ids by name of what the library holds, and the server that serves it. Passwords are the user's names."""

    ids: dict[str, int] = field(default_factory=dict)
    server: ServerProcess | None = None

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    def sign_in(self, user: str = "ada", **changes: object) -> SignIn:
        """What the connection dialog would hand over."""
        assert self.server is not None
        settings = {"port": self.server.ssl_port, "user": user, "password": user} | changes
        return SignIn(self.server.host, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """For all tests of a session, which only read."""
    folder = tmp_path_factory.mktemp("gateway-lab")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        _furnish(lab, store, connection)
    store.close()
    with running_server(folder) as lab.server:
        yield lab


@pytest_asyncio.fixture
async def service(lab: Lab) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


def _furnish(lab: Lab, store: Store, connection: Connection) -> None:
    group = lab.ids["group"] = create_group(store.schema, connection, "lab", "rwra--")
    for name in ("ada", "ben"):
        lab.ids[name] = create_user(
            store.schema, connection, name, first_name=name.title(), last_name="Lab", groups=[group], password=name
        )
    ada = LibraryWriter(store, connection, lab["ada"], group)
    _furnish_containers(lab, ada)
    _furnish_plates(lab, ada)
    _annotate(lab, ada)
    LibraryWriter(store, connection, lab["ben"], group).named("Project", "Ben's project")


def _furnish_containers(lab: Lab, ada: LibraryWriter) -> None:
    project, lab.ids["empty project"] = ada.named("Project", "Project", "Empty project")
    datasets = ada.named("Dataset", *(f"Dataset {n}" for n in range(1, 13)))
    ada.link("ProjectDatasetLink", [project] * len(datasets), datasets)
    (lab.ids["orphaned dataset"],) = ada.named("Dataset", "Orphaned dataset")
    images = ada.add("Image", *({"name": f"Image{n}", "acquisitionDate": 1_000 * n} for n in range(1, 26)))
    ada.link("DatasetImageLink", [datasets[0]] * len(images), images)
    (lab.ids["orphaned image"],) = ada.named("Image", "Orphaned image")
    lab.ids |= {"project": project, "dataset": datasets[0], "image": images[0], "other image": images[1]}


def _furnish_plates(lab: Lab, ada: LibraryWriter) -> None:
    (screen,) = ada.named("Screen", "Screen")
    plate, bare, _ = ada.named("Plate", "Plate", "Plate without runs", "Orphaned plate")
    ada.link("ScreenPlateLink", [screen, screen], [plate, bare])
    runs = ada.add("PlateAcquisition", {"name": "First run", "plate_id": plate}, {"plate_id": plate})
    wells = ada.add(
        "Well",
        *({"plate_id": plate, "row": row, "column": column} for row in (0, 27) for column in (0, 1, 9)),
        {"plate_id": bare, "row": 1, "column": 2},
    )
    for place, run in ((0, runs[0]), (0, runs[1]), (1, runs[0]), (6, None)):
        (image,) = ada.named("Image", f"Field in well {place}, run {run}")
        ada.add("WellSample", {"well_id": wells[place], "image_id": image, "plateAcquisition_id": run, "well_index": 0})
    lab.ids |= {"screen": screen, "plate": plate, "bare plate": bare, "well": wells[0]}
    lab.ids |= {"first run": runs[0], "second run": runs[1]}


def _annotate(lab: Lab, ada: LibraryWriter) -> None:
    tags = ada.add("TagAnnotation", {"textValue": "mitosis"}, {"textValue": "control"})
    rest = [
        *ada.add("MapAnnotation", {"ns": "openmicroscopy.org/omero/client/mapAnnotation"}),
        *ada.add("CommentAnnotation", {"textValue": "Look here"}),
        *ada.add("LongAnnotation", {"longValue": 4, "ns": RATING}),
        *ada.add("LongAnnotation", {"longValue": 7}),
        *ada.add("BooleanAnnotation", {"boolValue": True}),
    ]
    ada.link("ImageAnnotationLink", [lab["image"]] * 7, [*tags, *rest])
    ada.link("ImageAnnotationLink", [lab["other image"]], tags[:1])
    ada.link("ProjectAnnotationLink", [lab["project"]], tags[:1])
