"""Packages with wrappers, and the tree as the application shows it once somebody has signed in with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.models.tree.tree import OmeroTreeModel
from tests.gateway.conftest import Lab
from tests.support.python_packages import install, packages_in

Install = Callable[[str, str, Mapping[str, str]], None]


class Shown:
    """The tree of somebody who is signed in; `warnings` has what the application said, with its details."""

    def __init__(self, service: ServiceManager, group: int) -> None:
        self.service = service
        self.warnings: list[tuple[str, str]] = []
        self._problems: list[BaseException] = []
        self._scope = Scope(group)
        self.model = OmeroTreeModel(self._fetch, self._problems.append)
        service.on_warning(lambda sentence, detail: self.warnings.append((str(sentence.values.get("name")), detail)))

    async def _fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        return await self.service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit, browse.PAGE)

    async def below(self, *path: Ref) -> dict[Ref, tuple[str, str, str]]:
        """The rows below the end of a path: name with number of children, annotations, tooltip."""
        self.model.open(self._scope)
        await self.model.finished()
        for depth in range(1, len(path) + 1):
            self.model.fetchMore(self.model.find(path[:depth]))
            await self.model.finished()
        assert self._problems == []
        parent = self.model.find(path)
        indexes = [
            [self.model.index(row, column, parent) for column in (0, 1)] for row in range(self.model.rowCount(parent))
        ]
        return {self.model.path(name)[-1]: (name.data(), count.data(), name.data(3)) for name, count in indexes}


SignIn = Callable[[], Awaitable[Shown]]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package: its name, its module's text, its entry points by name."""
    with packages_in(tmp_path, monkeypatch):
        yield partial(install, tmp_path)


@pytest_asyncio.fixture
async def sign_in(package: Install, lab: Lab, qtbot: object) -> AsyncIterator[SignIn]:
    """Sign in as ada, with the packages that are installed by then."""
    shown: list[Shown] = []

    async def sign_in() -> Shown:
        shown.append(Shown(ServiceManager(), lab["group"]))
        await shown[-1].service.sign_in(lab.sign_in())
        return shown[-1]

    yield sign_in
    for one in shown:
        one.model.cancel_all()
        one.service.close()
