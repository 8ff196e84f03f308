"""The tree's panel over the wire: the embedded server, the service manager's lanes, and Qt's own widgets."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import pytest
import pytest_asyncio
from omero.gateway import BlitzGateway, CommentAnnotationWrapper
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import AnnotationCounts, Cursor, Kind, Page, Ref, Scope, SignIn
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.tree.node_model import Column
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.widgets import icons
from tests.support.left_over import ends_with_the_test
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ServerProcess, running_server

pytestmark = pytest.mark.asyncio

IMAGES = 2500


@dataclass
class Lab:
    """A server, and what it holds: a project with a big dataset, a plate, an orphan."""

    server: ServerProcess
    project: Ref
    dataset: Ref
    images: list[Ref]
    plate: Ref


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("browser")
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwra--")
        ada = create_user(
            store.schema, connection, "ada", first_name="Ada", last_name="Lovelace", groups=[group], password="ada"
        )
        parts = _furnish(LibraryWriter(store, connection, ada, group))
    store.close()
    with running_server(folder) as server:
        yield Lab(server, *parts)


def _furnish(ada: LibraryWriter) -> tuple[Ref, Ref, list[Ref], Ref]:
    (project,) = ada.named("Project", "Cell division")
    dataset, empty = ada.named("Dataset", "Mitosis", "Empty")
    ada.link("ProjectDatasetLink", [project] * 2, [dataset, empty])
    images = ada.named("Image", *(f"Image{n}.tif" for n in range(1, IMAGES + 1)))
    ada.link("DatasetImageLink", [dataset] * len(images), images)
    ada.named("Image", "Lost.tif")
    (plate,) = ada.named("Plate", "Plate 1")
    (run,) = ada.add("PlateAcquisition", {"name": "Run 1", "plate_id": plate})
    wells = ada.add("Well", *({"plate_id": plate, "row": 0, "column": column} for column in range(12)))
    fields = ada.named("Image", *(f"Field {column}" for column in range(12)))
    for well, field in zip(wells, fields, strict=True):
        ada.add("WellSample", {"well_id": well, "image_id": field, "plateAcquisition_id": run, "well_index": 0})
    refs = [Ref(Kind.IMAGE, image) for image in images]
    return Ref(Kind.PROJECT, project), Ref(Kind.DATASET, dataset), refs, Ref(Kind.PLATE, plate)


class Desk:
    """A panel on a session of ada's, which counts the calls it makes."""

    def __init__(self, service: ServiceManager) -> None:
        self.service = service
        self.calls: list[Ref] = []
        self.errors: list[BaseException] = []
        tree = OmeroTreeModel(self._fetch, self.errors.append, lambda: service.account, icons.kind_icon)
        self.tree = ends_with_the_test(tree)
        self.counts = ends_with_the_test(AnnotationCountsModel(self._count, self.errors.append))
        self.panel = BrowserView(self.tree, self.counts)
        self.view = self.panel.view

    async def _fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        self.calls.append(ref)
        return await self.service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit)

    async def _count(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        return await self.service.call(Lane.METADATA, annotation_counts.counts, refs)

    async def settle(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            self.view.executeDelayedItemsLayout()
            await self.tree.finished()
            await self.counts.finished()

    async def expand(self, *path: Ref) -> QModelIndex:
        self.view.expand(self.tree.find(path))
        await self.settle()
        return self.tree.find(path)

    async def menu(self) -> QMenu:
        key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), self.view.mapToGlobal(QPoint()))
        QApplication.sendEvent(self.view.viewport(), key)
        await self.settle()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def rows(self, parent: QModelIndex) -> list[str]:
        return [self.tree.index(row, 0, parent).data() for row in range(self.tree.rowCount(parent))]


@pytest_asyncio.fixture
async def desk(lab: Lab, qtbot: QtBot) -> AsyncIterator[Desk]:
    service = ServiceManager()
    account = await service.sign_in(SignIn(lab.server.host, lab.server.ssl_port, "ada", "ada"))
    desk = Desk(service)
    qtbot.addWidget(desk.panel)
    desk.panel.resize(360, 500)
    desk.panel.show()
    desk.tree.open(Scope(account.group.id, account.user.id))
    await desk.settle()
    yield desk
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    desk.tree.cancel_all()
    desk.counts.cancel_all()
    service.close()
    assert not desk.errors


def first_rows(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible()][:7]


async def test_that_a_dataset_opens_from_the_keyboard_to_all_its_images(desk: Desk, lab: Lab) -> None:
    desk.view.setCurrentIndex(desk.tree.find([lab.project]))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(desk.view, key)
        await desk.settle()
    dataset = desk.tree.find([lab.project, lab.dataset])
    assert desk.view.currentIndex() == dataset
    assert dataset.data() == "Mitosis (2,500)"
    assert desk.rows(dataset) == [f"Image{n}.tif" for n in range(1, IMAGES + 1)]
    assert desk.calls.count(lab.project) == 1
    assert desk.calls.count(lab.dataset) == 4  # 200 and three more pages
    tooltip = desk.tree.index(0, 0, dataset).data(Qt.ItemDataRole.ToolTipRole)
    assert "Owner: Ada Lovelace" in tooltip
    assert "Group: lab" in tooltip


async def test_that_orphans_plates_runs_wells_and_fields_hang_in_the_tree(desk: Desk, lab: Lab) -> None:
    assert desk.rows(QModelIndex()) == ["Cell division (2)", "Orphaned images (1)", "Plate 1 (1)"]
    run = desk.tree.index(0, 0, await desk.expand(lab.plate))
    path = desk.tree.path(run)
    assert run.data().startswith("Run 1")
    wells = await desk.expand(*path)
    assert [row.split()[0] for row in desk.rows(wells)] == [f"A{n}" for n in range(1, 13)]
    field = await desk.expand(*desk.tree.path(desk.tree.index(0, 0, wells)))
    assert len(desk.rows(field)) == 1


async def test_that_the_menu_counts_and_counts_again_after_a_change(desk: Desk, lab: Lab) -> None:
    await desk.expand(lab.project)
    await desk.expand(lab.project, lab.dataset)
    desk.panel.show_annotation_column(True)
    index = desk.tree.find([lab.project, lab.dataset, lab.images[41]])
    desk.view.setCurrentIndex(index)
    menu = await desk.menu()
    assert first_rows(menu) == ["Annotations: 0", ""]
    menu.close()
    await asyncio.to_thread(_comment_on, lab, lab.images[41])
    menu = await desk.menu()
    assert first_rows(menu)[0] == "Annotations: 1"
    assert "Comments: 1" in first_rows(menu)
    assert index.siblingAtColumn(Column.ANNOTATIONS).data() == "1"


async def test_that_thousands_of_selected_images_are_counted_in_one_call(desk: Desk, lab: Lab) -> None:
    await desk.expand(lab.project)
    await desk.expand(lab.project, lab.dataset)
    dataset = desk.tree.find([lab.project, lab.dataset])
    desk.view.setCurrentIndex(desk.tree.index(0, 0, dataset))
    last = desk.tree.index(IMAGES - 1, 0, dataset)
    desk.view.scrollTo(last)
    point = desk.view.visualRect(last).center()
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, shift, point)
    menu = await desk.menu()
    assert first_rows(menu)[0].endswith("on 2,500 objects")
    assert len(desk.panel.entities) == IMAGES


async def test_that_a_refresh_keeps_what_is_open_and_current(desk: Desk, lab: Lab) -> None:
    await desk.expand(lab.project)
    await desk.expand(lab.project, lab.dataset)
    desk.view.setCurrentIndex(desk.tree.find([lab.project, lab.dataset, lab.images[100]]))
    desk.panel.refresh_all()
    await desk.settle()
    assert desk.view.currentIndex().data() == "Image101.tif"
    assert desk.view.isExpanded(desk.tree.find([lab.project, lab.dataset]))


def _comment_on(lab: Lab, image: Ref) -> None:
    """What somebody else does meanwhile, from another program."""
    connection = BlitzGateway("ada", "ada", host=lab.server.host, port=lab.server.ssl_port, secure=True)
    assert connection.connect()
    try:
        comment = CommentAnnotationWrapper(connection)
        comment.setValue("Look here")
        connection.getObject("Image", image.id).linkAnnotation(comment)
    finally:
        connection.close()
