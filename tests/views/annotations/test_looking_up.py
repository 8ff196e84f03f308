"""What the inspector reads of an image beside its annotations: real widgets, a library that is only read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from omero_desk.entities.objects import Entity, Kind, Permissions, Ref
from omero_desk.models.exports.exports import Content
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.naming.channels_dialog import ChannelsDialog
from omero_desk.views.annotations.origins.fileset_dialog import FilesetDialog
from omero_desk.views.annotations.pairs_view import PairsView
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.widgets.section import Section
from tests.faults.proxy import FaultProxy
from tests.support.accessibility import nameless
from tests.support.annotated_library import AnnotatedLab, annotated_lab
from tests.support.editing_desk import Desk, Lab
from tests.support.present import present
from tests.support.running_desk import until
from tests.support.server_process import ROOT_PASSWORD
from tests.views.annotations.conftest import end

pytestmark = pytest.mark.asyncio
ALL = Permissions(True, True, True, True)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnnotatedLab]:
    with annotated_lab(tmp_path_factory.mktemp("annotated")) as lab:
        yield lab


@pytest.fixture(scope="module")
def proxy(annotated: AnnotatedLab) -> Iterator[FaultProxy]:
    server = present(annotated.server)
    with FaultProxy(server.host, server.ssl_port) as proxy:
        yield proxy


async def write(path: Path, content: Content) -> None:
    assert isinstance(content, str)
    path.write_text(content)


class Room(Desk):
    """A window on the library, with the inspector."""

    def __init__(self, annotated: AnnotatedLab, proxy: FaultProxy) -> None:
        dataset = annotated.ref(Kind.DATASET, "lonely dataset")
        super().__init__(Lab(proxy, dataset, [annotated.ref(Kind.IMAGE, "image")], dataset), write)
        self.annotated = annotated
        self.part = self.bench.workbench.part(AnnotationsPart)
        self.panel: DetailsPanel = self.part.details

    async def choose(self, *refs: Ref) -> None:
        group = self.annotated["group annotate"]
        entities = [Entity(ref, f"{ref.kind} {ref.id}", "", None, 1, 1, group, permissions=ALL) for ref in refs]
        self.part._selection.choose(entities)
        await until(lambda: set(self.part.inspected.refs) == set(refs))
        await until(lambda: len(refs) > 1 or self.part.inspected.about is not None)

    def section(self, identity: str) -> Section:
        return next(one for one in self.panel.sections if one.identity == identity)

    def press(self, identity: str) -> Section:
        section = self.section(identity)
        QTest.mouseClick(section.head, Qt.MouseButton.LeftButton)
        assert section.is_open
        return section


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text() and label.isVisibleTo(widget)]


@pytest_asyncio.fixture
async def room(annotated: AnnotatedLab, proxy: FaultProxy, qapp: QApplication) -> AsyncIterator[Room]:
    room = Room(annotated, proxy)
    room.window.show()
    await room.sign_in("ada")
    yield room
    end(room)


async def test_that_what_an_image_was_taken_with_is_read_when_the_section_is_opened(
    room: Room, annotated: AnnotatedLab
) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image"))
    lookup = room.part.lookups.acquisition
    assert (lookup.is_loading, lookup.value) == (False, None)
    body = room.press("acquisition").content
    await until(lambda: lookup.is_known)
    shown = texts(body)
    assert "Objective" in shown
    assert shown[shown.index("Working distance") + 1] == "190 µm"
    assert shown[shown.index("Iris") + 1] == "no"
    await room.choose(annotated.ref(Kind.IMAGE, "image read"))
    await until(lambda: lookup.is_known)
    assert texts(body) == ["Nothing is known of how it was taken"]
    await room.choose(annotated.ref(Kind.DATASET, "dataset"))
    assert room.section("acquisition").isHidden()
    assert room.section("original_metadata").isHidden()


async def test_that_original_metadata_are_searched_copied_and_saved(
    room: Room, annotated: AnnotatedLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image of x.tif"))
    room.press("original_metadata")
    lookup, table = room.part.lookups.originals, room.panel.metadata.rows
    await until(lambda: lookup.is_known)
    whole = table.table.rowCount()
    assert whole == len(present(lookup.value).whole) > 8
    QTest.keyClicks(table.filter, "imagewid")
    assert [table.table.index(0, column).data() for column in range(2)] == ["ImageWidth", "4"]
    assert table.count.text() == f"1 of {whole}"
    table.view.selectRow(0)
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "ImageWidth\t4"
    path = tmp_path / "metadata.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    room.panel.metadata.save_button.click()
    await until(path.exists)
    lines = path.read_text().splitlines()
    assert lines[0] == "[Global Metadata]"
    assert "ImageWidth=4" in lines
    assert lines[-1] == "[Series Metadata]"


async def test_that_the_files_of_an_image_are_told_and_copied(room: Room, annotated: AnnotatedLab) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image of x.tif"))
    assert room.panel.files.link.text() == "1 file"
    QTest.mouseClick(room.panel.files.link, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FilesetDialog)
    await until(lambda: room.part.lookups.fileset.is_known)
    assert nameless(dialog) == []
    shown = texts(dialog)
    assert shown[shown.index("Import") + 1] == "In place: the server reads them where they were"
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "ada/x.tif\thome/ada/x.tif"
    dialog.reject()
    assert room.part.lookups.fileset.key is None


async def test_that_pairs_of_what_an_image_is_in_are_shown_and_cannot_be_edited(
    room: Room, annotated: AnnotatedLab
) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image"))
    await until(lambda: room.part.lookups.inherited.is_known)
    inherited = room.panel.pairs.inherited
    assert set(texts(inherited)) == {
        "From dataset “In two projects”",
        "From screen “Screen”",
        "From run “Run”",
        next(text for text in texts(inherited) if text.startswith("From well")),
    }
    for view in inherited.findChildren(PairsView):
        assert not view.model().flags(view.model().index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    await room.choose(annotated.ref(Kind.IMAGE, "image read"))
    await until(lambda: room.part.lookups.inherited.is_known)
    assert inherited.isHidden()


async def test_that_a_tag_says_on_how_many_objects_it_is_when_its_menu_opens(
    room: Room, annotated: AnnotatedLab
) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image"))
    await until(lambda: room.panel.tags.chips)
    chip = room.panel.tags.chips[0]
    assert room.part.lookups.uses.key is None
    chip.menu_wanted.emit(chip.mapToGlobal(chip.rect().bottomLeft()))
    menu = present(QApplication.activePopupWidget())
    await until(lambda: menu.actions()[0].text() == "On 1 image")
    menu.close()


async def test_that_annotations_of_others_can_be_left_out_and_the_numbers_follow(
    room: Room, annotated: AnnotatedLab
) -> None:
    await room.choose(annotated.ref(Kind.IMAGE, "image"))
    room.press("comments")
    inspected, comments = room.part.inspected, room.section("comments").head
    await until(lambda: inspected.contents(room.panel.comments.section).annotations is not None)
    number = comments.accessibleName()
    assert number == "Comments 1"
    choices = {action.text(): action for action in room.panel.whose.actions()}
    choices["Mine"].trigger()
    assert comments.accessibleName() == "Comments 0"
    assert room.section("attachments").head.accessibleName() == "Attachments"
    choices["Others’"].trigger()  # noqa: RUF001 - an apostrophe
    assert comments.accessibleName() == "Comments 1"
    await until(lambda: len(room.panel.tags.chips) == 1)
    assert room.part.save_state()["info_whose"] == "OTHERS"
    room.panel.pairs.add()
    assert choices["All annotations"].isChecked()
    room.part.restore_state({"info_whose": "MINE"})
    assert choices["Mine"].isChecked()
    room.part.restore_state({"info_whose": ["?"]})
    assert choices["Mine"].isChecked()


async def test_that_links_are_copied_and_that_of_the_web_only_where_the_server_tells(
    room: Room, annotated: AnnotatedLab, proxy: FaultProxy
) -> None:
    image = annotated.ref(Kind.IMAGE, "image")
    await room.choose(image)
    links, web = room.panel.links, room.part.lookups.web
    links.aboutToShow.emit()
    await until(lambda: web.is_known)
    assert links.in_web.text() == "Web link – The server does not tell where its OMERO.web is"  # noqa: RUF001 - a dash
    assert not links.in_web.isEnabled()
    links.own.trigger()
    server = present(room.bench.connection.account).server
    assert QGuiApplication.clipboard().text() == f"omero://{server}/Image:{image.id}"
    links.ids.trigger()
    assert QGuiApplication.clipboard().text() == str(image.id)
    with annotated.gateway("root", ROOT_PASSWORD) as root:
        root.getConfigService().setConfigValue("omero.client.web.host", "https://web.example/omero/")
    web.again()
    await until(lambda: web.value)
    links.in_web.trigger()
    expected = f"https://web.example/omero/webclient/?show=image-{image.id}"
    assert QGuiApplication.clipboard().text() == expected


async def test_that_all_images_of_a_dataset_get_names_of_channels_after_a_preview(
    room: Room, annotated: AnnotatedLab
) -> None:
    room.select(annotated.ref(Kind.IMAGE, "image"))
    await room.choose(annotated.ref(Kind.DATASET, "lonely dataset"))
    room.bench.command("name-channels").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ChannelsDialog)
    await until(lambda: dialog.fields)
    assert nameless(dialog) == []
    assert [field.text() for field in dialog.fields] == ["DAPI", "GFP"]
    assert not dialog.save.isEnabled()
    dialog.fields[1].selectAll()
    QTest.keyClicks(dialog.fields[1], "Actin")
    assert [(one.now, one.then, one.images) for one in dialog.changes] == [(("DAPI", "GFP"), ("DAPI", "Actin"), 1)]
    dialog.save.click()
    await until(lambda: not room.edits.pending)
    with annotated.gateway() as gateway:
        assert gateway.getObject("Image", annotated["image"]).getChannelLabels() == ["DAPI", "Actin"]
    room.bench.command("library-undo").trigger()
    await until(lambda: not room.edits.pending)
    with annotated.gateway() as gateway:
        assert gateway.getObject("Image", annotated["image"]).getChannelLabels() == ["DAPI", "GFP"]
