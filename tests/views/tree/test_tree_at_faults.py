"""The tree in its window while the line or the server fails: the rest of the rows arrives when they are back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Cursor, Page, Ref, Scope
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.tree.row_data import Role
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.widgets import icons
from tests.faults.laboratory import PAGE, Laboratory
from tests.faults.proxy import Fault, Moment
from tests.support.left_over import ends_with_the_test

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with Laboratory(tmp_path_factory.mktemp("faults")) as laboratory:
        yield laboratory


class Window:
    """A tree that asks for small pages; before the fourth page of the dataset, `on_fourth` happens."""

    def __init__(self, laboratory: Laboratory, service: ServiceManager) -> None:
        self.laboratory = laboratory
        self.service = service
        self.errors: list[BaseException] = []
        self.on_fourth: Callable[[], None] = lambda: None
        self.tree = ends_with_the_test(OmeroTreeModel(self._fetch, self.errors.append, icon=icons.kind_icon))

        async def count(refs: object) -> object:
            return await service.call(Lane.METADATA, annotation_counts.counts, refs)  # type: ignore[arg-type]

        self.counts = ends_with_the_test(AnnotationCountsModel(count, self.errors.append))  # type: ignore[arg-type]
        self.view = BrowserView(self.tree, self.counts)

    async def _fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        if cursor is not None and cursor.offset == 3 * PAGE:
            self.on_fourth()
        return await self.service.call(Lane.BROWSING, browse.children, ref, scope, cursor, PAGE)

    async def open(self) -> QModelIndex:
        """Sign in, show the library and return the dataset's row."""
        await self.service.sign_in(self.laboratory.sign_in())
        self.tree.open(Scope(self.laboratory.library.group))
        await self.tree.finished()
        rows = (self.tree.index(row, 0) for row in range(self.tree.rowCount()))
        return next(index for index in rows if index.data(Role.REF) == self.laboratory.library.dataset)

    def images(self, index: QModelIndex) -> list[Ref]:
        """The rows that are shown below the dataset."""
        return [self.tree.index(row, 0, index).data(Role.REF) for row in range(self.tree.rowCount(index))]


@pytest_asyncio.fixture
async def window(laboratory: Laboratory, qtbot: QtBot) -> AsyncIterator[Window]:
    service = ServiceManager()
    window = Window(laboratory, service)
    qtbot.addWidget(window.view)
    window.view.show()
    yield window
    window.tree.cancel_all()
    service.close(patience=5)
    laboratory.tidy()


async def test_that_the_rest_of_the_rows_arrives_after_the_server_was_killed_and_started_again(
    window: Window, laboratory: Laboratory
) -> None:
    index = await window.open()
    killed = asyncio.Event()

    def kill() -> None:
        laboratory.kill()
        killed.set()

    window.on_fourth = kill
    window.view.view.expand(index)
    await killed.wait()
    assert len(window.images(index)) >= 3 * PAGE
    await asyncio.to_thread(laboratory.start_again)
    window.service.retry_now()
    await window.tree.finished()
    assert window.images(index) == list(laboratory.library.images)
    assert window.errors == []


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HALF_CLOSE, Fault.GARBAGE])
async def test_that_a_page_cut_short_is_read_again_and_no_row_comes_twice(
    window: Window, laboratory: Laboratory, fault: Fault
) -> None:
    index = await window.open()
    window.on_fourth = lambda: laboratory.proxy.arm(fault, Moment.REPLY, after=100, once=True)
    window.view.view.expand(index)
    await window.tree.finished()
    assert window.images(index) == list(laboratory.library.images)
    assert window.errors == []
