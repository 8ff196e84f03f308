"""A dataset of ada's and an image of ben's, and the main window signed in as ada."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.database.store import Store
from tests.faults.laboratory import Admin
from tests.faults.proxy import FaultProxy
from tests.support.editing_desk import LABS, Desk, Lab, furnish
from tests.support.inspecting import Inspector
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import running_server


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Lab]]:
    """Several on one server, behind a proxy that can cut the line."""
    folder = tmp_path_factory.mktemp("editing")
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwr---")
        users = [
            create_user(store.schema, connection, name, first_name=name, last_name="L", groups=[group], password=name)
            for name in ("ada", "ben", "cyd")
        ]
        add_member(store.schema, connection, group, users[2], is_leader=True)  # may do with everything as she likes
        ada, ben, _cyd = (LibraryWriter(store, connection, user, group) for user in users)
        parts = [furnish(ada, ben) for _ in range(LABS)]
    store.close()
    with running_server(folder, "--set", "desk.faults=") as server, FaultProxy(server.host, server.ssl_port) as proxy:
        admin = Admin(server)
        yield (Lab(proxy, *each, admin) for each in parts)
        admin.close()


@pytest.fixture
def lab(labs: Iterator[Lab]) -> Iterator[Lab]:
    lab = next(labs)
    yield lab
    lab.proxy.heal()
    if lab.has_failed:
        lab.fail("")


@pytest_asyncio.fixture
async def desk(lab: Lab, qapp: QApplication) -> AsyncIterator[Desk]:
    desk = Desk(lab)
    desk.window.show()
    desk.bench.browser.show_annotation_column(True)
    await desk.sign_in("ada")
    yield desk
    end(desk)


@pytest.fixture
def inspector(desk: Desk) -> Inspector:
    return Inspector(desk)


def end(desk: Desk) -> None:
    """End a desk and what it has under way."""
    for model in desk.bench.models.working:
        model.cancel_all()
    desk.service.close()
    desk.window.leave()
    desk.window.deleteLater()
