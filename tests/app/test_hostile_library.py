"""A library whose every name is hostile, seen in the whole application: nothing is more than the text it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QToolButton

from omero_desk.entities.connection_states import State
from omero_desk.entities.edits import LONGEST
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.labels import channel
from omero_desk.models.tree.row_data import Role
from omero_desk.views.channels.channel_menu import ChannelMenu
from omero_desk.views.exports.export_menu import ExportMenu
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support import hostile_library
from tests.support.present import present
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ServerProcess, running_server
from tests.support.surfaces import TAG, WIDEST, Seen

MARKUP = f'{TAG}</b>&Zap <img src="file:///etc/passwd"> {{0}} %n\u202e\n<h1>&lt;Zap'
MET = {
    "FieldList cell",
    "FieldList cell's tooltip",
    "HeatLegend.toolTip",
    "HistogramView.accessibleName",
    "ImageTable cell",
}
"""Some of the places where the text must be met: else the walk has missed the screens that it is about."""
LONG = f"{TAG}&Zap " + "W" * 2_000_000


@pytest.fixture(scope="module", params=[MARKUP, LONG], ids=["markup", "2,000,000 letters"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[object, ...]]:
    folder = tmp_path_factory.mktemp("hostile")
    image = hostile_library.make(folder, request.param)
    with running_server(folder) as server:
        yield server, image, request.param


class Walk:
    """Goes through the application; `seen` are the places where the hostile text was met."""

    def __init__(self, running: Running) -> None:
        self.running, self.bench = running, running.bench
        self.seen: set[str] = set()
        self.faults: dict[str, str] = {}

    def look(self, where: str) -> None:
        """Paint what is there, and look at all of it."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                window.grab()
        seen = Seen()
        self.seen |= seen.places
        for fault in seen.faults:
            self.faults.setdefault(fault, where)

    async def choose(self, *kinds: str) -> Entity:
        """Choose the first row of a kind below that of another kind, and wait for what that shows."""
        tree, index = self.bench.tree, QModelIndex()
        for kind in kinds:
            tree.fetchMore(index)
            await tree.finished()
            self.bench.browser.view.expand(index)
            rows = (tree.index(row, 0, index) for row in range(tree.rowCount(index)))
            index = next(row for row in rows if row.data(Role.KIND) == kind)
        self.bench.browser.view.setCurrentIndex(index)
        await self.rest()
        return present(tree.entity(index))

    async def rest(self) -> None:
        models = self.bench.models
        for model in (models.tree, models.gathering, models.plate, models.thumbnails, models.sizes, models.counts):
            self.running.window.grab()
            await model.finished()

    def menus(self, where: str) -> None:
        """Open every menu of the window and of what is in front."""
        for menu in self.running.window.findChildren(QMenu):
            menu.aboutToShow.emit()
        for button in self.running.window.findChildren(QToolButton):
            if (menu := button.menu()) is not None:
                menu.aboutToShow.emit()
        self.look(where)

    def dialogs(self, where: str) -> None:
        """Look at the dialogs that are open, and leave them."""
        self.look(where)
        for dialog in self.running.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()


@pytest.mark.timeout(600)
async def test_that_no_text_of_a_server_is_more_than_text(
    start: Start, library: tuple[ServerProcess, int, str]
) -> None:
    server, image, text = library
    running = start()
    walk, bench = Walk(running), running.bench
    bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(lambda: bench.connection.account is not None and bench.tree.rowCount())
    walk.look("signed in")

    await walk.choose(Kind.PROJECT)
    walk.look("a project")
    await walk.choose(Kind.PROJECT, Kind.DATASET)
    walk.look("gallery")
    bench.gallery.bar.as_table.click()
    await walk.rest()
    walk.look("table")
    bench.gallery.bar.as_gallery.click()
    await walk.choose(Kind.PROJECT, Kind.DATASET, Kind.IMAGE)
    walk.menus("an image")
    bench.browser.filter_edit.setText(text[:200_000])
    await walk.rest()
    walk.look("filter")
    bench.browser.filter_edit.clear()
    await walk.rest()

    for ask in (bench.editing.ask_comment, bench.editing.ask_tag, bench.editing.ask_name):
        ask()
        walk.dialogs(ask.__name__)
    bench.models.edits.follow(State.SIGN_IN_NEEDED)
    entity = await walk.choose(Kind.PROJECT, Kind.DATASET)
    bench.models.edits.comment([entity], text[:LONGEST])
    bench.models.edits.tag([entity], text[:LONGEST])
    bench.editing.page.open()
    walk.look("pending edits")
    running.window.close()
    walk.dialogs("leaving")
    bench.models.edits.discard_all()
    bench.messages.report(FailedError(mark("Tree", "{name} cannot be shown."), text, name=text))
    walk.look("message")
    bench.command("services").trigger()
    walk.look("services")

    await walk_viewer(walk, image)
    bench.centre.show_contents()
    await walk.choose(Kind.SCREEN)
    walk.look("a screen")
    await walk.choose(Kind.SCREEN, Kind.PLATE)
    walk.look("a plate")
    await walk_plate(walk)

    assert not walk.faults, "\n".join(f"{fault} ({where})" for fault, where in walk.faults.items())
    assert running.window.width() <= WIDEST  # it began with less
    assert MET - walk.seen == set()
    await running.leave()


async def walk_viewer(walk: Walk, image: int) -> None:
    viewer: ImageViewer = walk.bench.centre.open_image(Ref(Kind.IMAGE, image), "")
    await until(lambda: viewer.model.is_complete)
    viewer._show_value(3.0, 3.0)
    walk.menus("a viewer")
    side = present(viewer.findChild(RoiSide))
    side.toggle()
    await until(lambda: side.rois.is_complete)
    side.rois.select(side.rois.shapes.keys)
    walk.menus("shapes")
    for menu in viewer.findChildren(ExportMenu):
        menu.ask_for_part()
        walk.dialogs("exporting")
    assert present(viewer.model.info).channels
    ChannelMenu(viewer.model, 0, channel(present(viewer.model.info), 0), viewer)
    walk.look("a channel's menu")
    walk.bench.centre.open_side_by_side([(Ref(Kind.IMAGE, image), "")])
    walk.look("side by side")


async def walk_plate(walk: Walk) -> None:
    panel, plate = walk.bench.plate, walk.bench.models.plate
    for row in range(panel.bar.measure.count()):
        panel.bar.measure.setCurrentIndex(row)
        panel.bar.measure.activated.emit(row)
        await plate.finished()
        walk.look(f"measure {row}")
    grid = panel.grid
    grid.setCurrentIndex(grid.model().index(0, 0))
    await walk.rest()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    walk.menus("a well")
