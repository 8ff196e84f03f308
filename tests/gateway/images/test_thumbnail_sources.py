"""What thumbnails are made of, and the pictures themselves, over the wire."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import pytest_asyncio
from omero.gateway import BlitzGateway
from PIL import Image

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref, Scope, SignIn
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.gateway.images import thumbnails
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.server.database.store import Store
from tests.support.gallery import Gallery, people, ramp
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ServerProcess, running_server

SMOOTH = np.add.outer(np.arange(120), np.arange(240)).astype(np.uint16)


@dataclass(frozen=True)
class Wall:
    """A server with pictures, and the ids of its images and users by name."""

    server: ServerProcess
    ids: dict[str, int]

    async def signed_in(self, user: str) -> tuple[ServiceManager, int]:
        service = ServiceManager()
        await service.sign_in(SignIn(self.server.host, port=self.server.ssl_port, user=user, password=user))
        return service, self.ids[user]


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    folder = tmp_path_factory.mktemp("wall")
    store = Store(folder)
    ids = people(store)
    mine, shared = (Gallery(store, ids["ada"], ids[group]) for group in ("private", "shared"))
    hidden = Gallery(store, ids["ben"], ids["private"])
    ids["good"] = mine.add("good", SMOOTH, "YX")
    ids["stack"] = mine.add("stack", ramp((2, 3, 4, 20, 30)), "TCZYX")
    ids["broken"] = mine.add("broken", SMOOTH, "YX")
    ids["shared image"] = shared.add("shared image", SMOOTH, "YX")
    ids["hidden"] = hidden.add("hidden", SMOOTH, "YX")
    mine.path("broken").unlink()
    with store.write() as connection:
        _add_rows(LibraryWriter(store, connection, ids["ada"], ids["private"]), ids)
    store.close()
    with running_server(folder) as server:
        yield Wall(server, ids)


def _add_rows(writer: LibraryWriter, ids: dict[str, int]) -> None:
    (ids["empty"],) = writer.named("Image", "empty")
    (fileset,) = writer.add("Fileset", {"templatePrefix": ""})
    ids["fileset"] = fileset
    ids["one"], ids["two"] = writer.add("Image", *({"name": name, "fileset_id": fileset} for name in ("one", "two")))
    (project,) = writer.named("Project", "project")
    datasets = writer.named("Dataset", "first", "second")
    writer.link("ProjectDatasetLink", [project] * 2, datasets)
    images = [ids["good"], ids["stack"], ids["one"], ids["good"]]
    writer.link("DatasetImageLink", [datasets[0], datasets[0], datasets[1], datasets[1]], images)
    ids |= {"project": project, "first": datasets[0]}


@pytest_asyncio.fixture
async def service(wall: Wall) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager, _ = await wall.signed_in("ada")
    yield manager
    manager.close()


async def sources(service: ServiceManager, wall: Wall, *names: str, user: str = "ada") -> dict[str, object]:
    ids = [wall.ids[name] for name in names]
    found = await service.call(Lane.THUMBNAILS, thumbnails.sources, ids, wall.ids[user])
    return {name: found.get(wall.ids[name]) for name in names}


async def test_that_sources_tell_of_pixels_filesets_and_what_is_not_for_this_user(
    service: ServiceManager, wall: Wall
) -> None:
    found = await service.call(
        Lane.THUMBNAILS,
        thumbnails.sources,
        [*(wall.ids[name] for name in ("good", "empty", "one", "hidden")), 10**9],
        wall.ids["ada"],
    )
    assert found[wall.ids["good"]].pixels_id is not None
    assert found[wall.ids["good"]].together == 1
    assert found[wall.ids["empty"]].pixels_id is None
    assert (found[wall.ids["one"]].fileset_id, found[wall.ids["one"]].together) == (wall.ids["fileset"], 2)
    assert wall.ids["hidden"] not in found
    assert 10**9 not in found


async def test_that_pictures_come_in_one_call_and_those_that_cannot_be_made_are_left_out(
    service: ServiceManager, wall: Wall
) -> None:
    found = await service.call(
        Lane.THUMBNAILS, thumbnails.sources, [wall.ids["good"], wall.ids["broken"]], wall.ids["ada"]
    )
    good, broken = (found[wall.ids[name]].pixels_id for name in ("good", "broken"))
    assert good is not None
    assert broken is not None
    made = await service.call(Lane.THUMBNAILS, thumbnails.pictures, [good, broken], 96)
    assert set(made) == {good}
    assert Image.open(io.BytesIO(made[good])).size == (96, 48)
    with pytest.raises(FailedError, match=r"cannot read|failed"):
        await service.call(Lane.THUMBNAILS, thumbnails.picture, broken, 96)
    alone = await service.call(Lane.THUMBNAILS, thumbnails.picture, good, 96)
    assert Image.open(io.BytesIO(alone)).size == (96, 48)


async def test_that_the_state_is_another_after_the_settings_were_saved(service: ServiceManager, wall: Wall) -> None:
    await service.call(Lane.THUMBNAILS, _thumbnail, wall.ids["stack"], wall.ids["ada"])
    before = (await sources(service, wall, "stack"))["stack"]
    again = (await sources(service, wall, "stack"))["stack"]
    assert before == again
    conn = BlitzGateway("ada", "ada", host="localhost", port=wall.server.ssl_port)
    assert conn.connect()
    image = conn.getObject("Image", wall.ids["stack"])
    image.setActiveChannels([1], [[0, 77]], ["00FF00"])
    assert image.saveDefaults()
    conn.close()
    after = (await sources(service, wall, "stack"))["stack"]
    assert after != before


async def test_that_another_user_s_settings_are_those_of_the_owner_until_they_have_their_own(
    service: ServiceManager, wall: Wall
) -> None:
    await service.call(Lane.THUMBNAILS, _thumbnail, wall.ids["shared image"], wall.ids["ada"])
    ada = (await sources(service, wall, "shared image"))["shared image"]
    other, _ = await wall.signed_in("ben")
    try:
        ben = (await sources(other, wall, "shared image", user="ben"))["shared image"]
        assert ben == ada
    finally:
        other.close()


async def test_that_sizes_are_read_by_the_page_and_an_image_without_pixels_has_none(
    service: ServiceManager, wall: Wall
) -> None:
    ids = [wall.ids[name] for name in ("good", "stack", "empty")]
    found = await service.call(Lane.METADATA, thumbnails.sizes, ids)
    assert found == {wall.ids["good"]: ImageSize(240, 120, 1, 1, 1), wall.ids["stack"]: ImageSize(30, 20, 4, 3, 2)}


async def test_that_a_library_is_told_from_another_at_the_same_address(service: ServiceManager, wall: Wall) -> None:
    assert service.account is not None
    assert len(service.account.database) == 36
    other, _ = await wall.signed_in("ada")
    assert other.account is not None
    assert other.account.identity == service.account.identity
    other.close()


async def test_that_a_project_s_images_are_those_of_its_datasets_page_by_page_and_each_once(
    service: ServiceManager, wall: Wall
) -> None:
    project, scope = Ref(Kind.PROJECT, wall.ids["project"]), Scope(wall.ids["private"])
    page = await service.call(Lane.BROWSING, browse.images, project, scope, None, 2)
    rest = await service.call(Lane.BROWSING, browse.images, project, scope, page.next, 2)
    names = [entity.name for entity in (*page.entities, *rest.entities)]
    assert names == ["good", "one", "stack"]
    assert rest.next is None
    dataset = await service.call(Lane.BROWSING, browse.images, Ref(Kind.DATASET, wall.ids["first"]), scope)
    assert [entity.name for entity in dataset.entities] == ["good", "stack"]


def _thumbnail(session: object, image_id: int, user_id: int) -> None:
    """Have a thumbnail made, and with it settings."""
    found = thumbnails.sources(session, [image_id], user_id)  # type: ignore[arg-type]
    pixels = found[image_id].pixels_id
    assert pixels is not None
    assert thumbnails.pictures(session, [pixels], 96)  # type: ignore[arg-type]
