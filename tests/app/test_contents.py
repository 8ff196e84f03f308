"""The images of what is selected, in the whole application over a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from omero_desk.entities.connection_states import State
from omero_desk.entities.gallery_look import ContentsLook
from omero_desk.entities.objects import Entity
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.gallery.contents_column import COLUMNS, ContentsColumn
from omero_desk.models.tree.row_data import Role
from omero_desk.server.database.store import Store
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.gallery.contents_panel import ContentsPanel
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.tree.scope_bar import ScopeBar
from omero_desk.views.window.state_bar import StateBar
from tests.support.accessibility import nameless
from tests.support.gallery import Gallery, people
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ServerProcess, running_server

Flag = QItemSelectionModel.SelectionFlag
NAMES = ["field 1", "field 2", "field 10"]
BROKEN = "broken"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada's project of two datasets with four images, and an empty dataset."""
    folder = tmp_path_factory.mktemp("contents")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    images = [gallery.add(name, np.full((20, 30), 40 * n, np.uint8), "YX") for n, name in enumerate([*NAMES, BROKEN])]
    gallery.path(BROKEN).unlink()
    with store.write() as connection:
        writer = LibraryWriter(store, connection, ids["ada"], ids["shared"])
        (project,) = writer.named("Project", "Project")
        writer.named("Dataset", "Empty")
        writer.named("Screen", "Screen 1", "Screen 2")
        datasets = writer.named("Dataset", "First", "Second")
        writer.link("ProjectDatasetLink", [project] * 2, datasets)
        writer.link("DatasetImageLink", [datasets[0]] * 3 + [datasets[1]] * 2, [*images[:3], images[3], images[0]])
    store.close()
    return folder


@pytest.fixture(scope="module")
def server(library: Path) -> Iterator[ServerProcess]:
    with running_server(library) as server:
        yield server


async def signed_in(start: Start, server: ServerProcess, user: str = "ada", **settings: object) -> Running:
    running = start(settings=Settings(**settings))  # type: ignore[arg-type]
    running.window.resize(1000, 600)
    await sign_in(running, server, user)
    return running


async def sign_in(running: Running, server: ServerProcess, user: str = "ada") -> None:
    form = SignInForm(f"{server.host}:{server.ssl_port}", user, user, group="shared lab")
    running.bench.connection.sign_in(form)
    tree = running.bench.tree
    await until(lambda: (account := running.bench.connection.account) and account.user.user == user)
    await until(lambda: tree.rowCount() and not tree.progress and not running.bench.connection.busy)


def row(running: Running, name: str, below: QModelIndex | None = None) -> QModelIndex:
    tree, top = running.bench.tree, below or QModelIndex()
    rows = (tree.index(number, 0, top) for number in range(tree.rowCount(top)))
    return next(index for index in rows if index.data(Role.NAME) == name)


async def choose(running: Running, *indexes: QModelIndex) -> list[str]:
    """Select rows of the tree; the names of the images that show then."""
    selection = running.bench.browser.view.selectionModel()
    selection.setCurrentIndex(indexes[0], Flag.ClearAndSelect)
    for index in indexes[1:]:
        selection.select(index, Flag.Select)
    await settled(running)
    return shown(running)


async def settled(running: Running) -> None:
    models = running.bench.models
    for model in (models.tree, models.gathering, models.thumbnails, models.sizes, models.counts):
        await model.finished()


async def opened(running: Running, name: str) -> QModelIndex:
    index = row(running, name)
    running.bench.tree.fetchMore(index)
    await running.bench.tree.finished()
    return row(running, name)


def shown(running: Running) -> list[str]:
    contents = running.bench.models.contents
    return [contents.index(number, 0).data() for number in range(contents.rowCount())]


def details(running: Running) -> list[str]:
    return [label.text() for label in present(running.window.findChild(DetailsPanel)).findChildren(QLabel)]


def click(panel: ContentsPanel, number: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    point = panel.grid.visualRect(panel.grid.model().index(number, 0)).center()
    QTest.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, modifier, point)


async def test_that_datasets_projects_and_several_of_them_show_their_images(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server)
    project = await opened(running, "Project")
    first, second = row(running, "First", project), row(running, "Second", project)
    assert await choose(running, first) == NAMES
    assert await choose(running, second) == [BROKEN, "field 1"]
    assert await choose(running, project) == [BROKEN, *NAMES]
    assert await choose(running, first, second) == [BROKEN, *NAMES]
    gallery = running.bench.gallery
    assert gallery.number.text() == "4 images"
    assert await choose(running, row(running, "Empty")) == []
    assert gallery.place.card.isVisible()
    assert gallery.place.card.sentence.text() == "No images in this dataset"


async def test_that_a_broken_thumbnail_says_why_and_selection_reaches_details_and_menu(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server)
    gallery, project = running.bench.gallery, await opened(running, "Project")
    await choose(running, project)
    tip = gallery.grid.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "disk" in tip or "failed" in tip
    click(gallery, 1)
    await until(lambda: "field 1" in details(running))
    click(gallery, 2, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "2 images selected" in " ".join(details(running)))
    assert running.bench.command("comment").isEnabled()
    gallery.grid.menu_wanted.emit(QPoint(10, 10))
    menu = present(running.window.findChild(NodeMenu))
    await running.bench.models.counts.finished()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    assert "Add tag…" in texts
    assert any(text.startswith("Annotations: ") and " on 2 " in text for text in texts)
    menu.close()
    QTest.mouseClick(gallery.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 2))
    await until(lambda: "Project" in details(running))  # with no image selected it is the tree's turn
    assert not [name for name in nameless(running.window) if "Contents" in name or "Thumbnail" in name]


async def test_that_edits_reach_the_images_that_were_selected_and_show_there(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server)
    gallery, project = running.bench.gallery, await opened(running, "Project")
    await choose(running, row(running, "Second", project))
    click(gallery, 1)
    (image,) = gallery.entities
    edits = running.bench.models.edits
    edits.comment([image], "Look at this")
    edits.rename(image, "a new name")
    await edits.finished()
    await settled(running)
    await until(lambda: shown(running) == ["a new name", BROKEN])
    annotations = COLUMNS.index(ContentsColumn.ANNOTATIONS)
    await until(lambda: gallery.grid.model().index(0, annotations).data() == "1")
    assert [one.name for one in gallery.entities] == ["a new name"]
    assert "a new name" in details(running)
    edits.rename(gallery.entities[0], "field 1")
    await edits.finished()


async def test_that_an_image_selected_in_the_tree_is_selected_among_its_dataset_s(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server)
    project = await opened(running, "Project")
    first = row(running, "First", project)
    await choose(running, first)
    await choose(running, row(running, "field 10", first))
    assert [one.name for one in running.bench.gallery.entities] == ["field 10"]
    await choose(running, row(running, "field 1", first), row(running, "field 2", first))
    assert [one.name for one in running.bench.gallery.entities] == ["field 1", "field 2"]


async def test_that_look_and_choice_are_there_again_at_the_next_start(
    start: Start, server: ServerProcess, tmp_path: Path
) -> None:
    running = await signed_in(start, server)
    await choose(running, await opened(running, "Project"))
    bar = running.bench.gallery.bar
    bar.as_table.click()
    header = running.bench.gallery.table.horizontalHeader()
    header.resizeSection(0, 333)
    header.sectionClicked.emit(COLUMNS.index(ContentsColumn.SIZE))
    header.sectionClicked.emit(COLUMNS.index(ContentsColumn.ID))
    header.sectionClicked.emit(COLUMNS.index(ContentsColumn.ID))
    await settled(running)
    assert shown(running) == [BROKEN, "field 10", "field 2", "field 1"]
    assert running.bench.gallery.table.model().index(1, COLUMNS.index(ContentsColumn.SIZE)).data().startswith("30")
    bar.as_gallery.click()
    bar.slider.setValue(200)
    bar.as_table.click()
    running.bench.command("thumbnails").trigger()
    await running.leave()
    settings = Settings.from_json((tmp_path / "config" / "settings.json").read_text())
    look = settings.contents
    assert (look.side, look.as_table, look.sorting, look.descending, look.thumbnails) == (200, True, "ID", True, False)

    again = start(settings=settings, home=tmp_path / "again")
    gallery = again.bench.gallery
    assert gallery.look == look
    assert gallery.table.columnWidth(0) == 333
    assert gallery.bar.slider.value() == 200
    assert not again.bench.command("thumbnails").isChecked()


def test_that_settings_of_another_version_are_no_obstacle() -> None:
    told = Settings.from_json('{"contents": {"side": 77, "unheard of": 1}}')
    assert told.contents == ContentsLook(side=77)
    with pytest.raises(TypeError):
        Settings.from_json('{"contents": {"side": "large"}}')


async def test_that_a_filter_and_its_end_keep_the_selection(start: Start, server: ServerProcess) -> None:
    running = await signed_in(start, server)
    gallery = running.bench.gallery
    await choose(running, await opened(running, "Project"))
    click(gallery, 3)
    QTest.keyClicks(gallery.bar.filter_edit, "10")
    assert (shown(running), gallery.number.text()) == (["field 10"], "1 of 4 images")
    assert [one.name for one in gallery.entities] == ["field 10"]
    QTest.keyClicks(gallery.bar.filter_edit, "x")
    card = gallery.place.card
    assert card.sentence.text() == "No image here matches “10x”"
    assert card.why.text() == "The names of 4 images were searched."
    card.link.click()
    assert gallery.bar.filter_edit.text() == ""
    assert len(shown(running)) == 4


async def test_that_thumbnails_that_a_lost_line_was_in_the_way_of_come_when_it_is_back(
    start: Start, library: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(library, tmp_path / "copy")
    with running_server(folder) as server:
        running = await signed_in(start, server)
        thumbnails, project = running.bench.models.thumbnails, await opened(running, "Project")
        server.kill()
    running.bench.browser.view.selectionModel().setCurrentIndex(project, Flag.ClearAndSelect)
    await until(lambda: running.bench.connection.state is State.RECONNECTING)
    with running_server(folder, "--port", str(server.ssl_port)):
        running.desk.service.retry_now()
        await until(lambda: len(shown(running)) == 4)
        await settled(running)
        names = {one.name: thumbnails.get(one.ref.id, 192) or thumbnails.get(one.ref.id, 96) for one in images(running)}
        assert {name for name, found in names.items() if found and found.picture} == set(NAMES)
        await running.leave()


def images(running: Running) -> list[Entity]:
    return list(running.bench.models.contents.entities)


async def test_that_another_user_finds_no_thumbnails_of_the_one_before(start: Start, server: ServerProcess) -> None:
    running = await signed_in(start, server)
    models = running.bench.models
    await choose(running, await opened(running, "Project"))
    (one, *_) = [image for image in images(running) if image.name == "field 1"]
    assert models.thumbnails.source(one.ref.id) is not None
    await sign_in(running, server, "ben")
    assert models.thumbnails.source(one.ref.id) is None
    assert models.thumbnails.memory_used == 0
    assert shown(running) == []


async def test_that_a_filter_of_the_tree_leaves_the_viewer_in_front(start: Start, server: ServerProcess) -> None:
    running = await signed_in(start, server)
    bench = running.bench
    first = row(running, "First", await opened(running, "Project"))
    bench.browser.view.expand(first.parent())
    await choose(running, first)
    image = bench.models.contents.entities[0]
    bench.centre.open_image(image.ref, image.name)
    bench.browser.filter_edit.setText("Empty")
    await settled(running)
    assert bench.centre.front is not None
    assert shown(running) == NAMES
    bench.browser.filter_edit.clear()
    await settled(running)
    assert bench.centre.front is not None
    bench.browser.refresh()
    await settled(running)
    assert bench.centre.front is not None and shown(running) == NAMES


async def test_that_of_screens_and_projects_the_images_show_that_can_be_shown(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server)
    gallery, why = running.bench.gallery, "select one plate to see its wells"
    screen = row(running, "Screen 1")
    assert await choose(running, await opened(running, "Project"), screen) == [BROKEN, *NAMES]
    assert gallery.isVisible() and why in gallery.place.strip.words.text()
    assert await choose(running, screen, row(running, "Screen 2")) == []
    assert gallery.place.card.isVisible() and why in gallery.place.card.why.text()
    assert await choose(running, row(running, "Project")) == [BROKEN, *NAMES]
    assert gallery.place.strip.isHidden()
    await choose(running, screen)
    assert not gallery.isVisible()


async def test_that_the_progress_of_other_rows_is_not_that_of_the_gallery(start: Start, server: ServerProcess) -> None:
    running = await signed_in(start, server)
    tree, gallery = running.bench.tree, running.bench.gallery
    project = await opened(running, "Project")
    first, second = row(running, "First", project), row(running, "Second", project)
    await choose(running, first)
    assert not gallery.place.waits
    told: list[bool] = []
    tree.progressed.connect(lambda: told.append(gallery.place.waits))
    tree.fetchMore(second)
    await settled(running)
    assert told and not any(told)
    told.clear()
    tree.refresh([first])
    await settled(running)
    assert told[0] and not told[-1]


async def test_that_the_tree_names_other_owners_and_the_status_bar_the_group_that_is_looked_at(
    start: Start, server: ServerProcess
) -> None:
    running = await signed_in(start, server, "ben")
    tree, scope = running.bench.tree, present(running.window.findChild(ScopeBar))
    groups, owners = scope.findChildren(QComboBox)
    assert "shared lab" in running.texts(StateBar)
    owners.setCurrentIndex(owners.findText("All members"))
    await until(lambda: tree.rowCount() and not tree.progress)
    project = row(running, "Project")
    assert project.data(Role.OWNER) == "Ada Lab"
    assert "Ada Lab" in project.data(Qt.ItemDataRole.AccessibleTextRole)
    owners.setCurrentIndex(owners.findText("Ada Lab"))
    await until(lambda: tree.rowCount() and not tree.progress)
    assert row(running, "Project").data(Role.OWNER) == ""
    groups.setCurrentIndex(groups.findText("private lab"))
    assert "private lab" in running.texts(StateBar) and "shared lab" not in running.texts(StateBar)
