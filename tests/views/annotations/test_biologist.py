"""What a biologist does in a day, in few steps each: the real window, a series of 20 images, a colleague's notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip, QWidget

from omero_desk.entities.annotations import OWN_PAIRS, Section
from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Kind, Ref
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.views.annotations.naming.channels_dialog import ChannelsDialog
from omero_desk.views.sheet.dialogs import ImportDialog
from omero_desk.views.sheet.part import SheetPart
from tests.faults.laboratory import Admin
from tests.faults.proxy import Fault, FaultProxy, Moment
from tests.support.annotated_library import add_pixels
from tests.support.editing_desk import Desk, Lab
from tests.support.inspecting import Inspector
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.running_desk import until
from tests.support.server_process import running_server
from tests.views.annotations.conftest import end

pytestmark = pytest.mark.asyncio
CONTROL = Qt.KeyboardModifier.ControlModifier
IMAGES, SERIES = 20, 11


def furnish(store: Store, ada: LibraryWriter, ben: LibraryWriter) -> tuple[Ref, list[Ref]]:
    """A dataset of ada's with 20 images; ben has put a tag and pairs on the first, and three have pixels."""
    (dataset,) = ada.named("Dataset", "Series")
    images = ada.named("Image", *(f"cells_{number:02}.tif" for number in range(1, IMAGES + 1)))
    ada.link("DatasetImageLink", [dataset] * IMAGES, images)
    (tag,) = ben.add("TagAnnotation", {"textValue": "control"})
    (pairs,) = ben.add("MapAnnotation", {"ns": OWN_PAIRS})
    values = {pairs: [("cell line", "HeLa"), ("passage", "12")]}
    insert_named_values(store.schema, ada.connection, "MapAnnotation", "mapValue", values)
    ben.link("ImageAnnotationLink", images[:1] * 2, [tag, pairs])
    for image in images[:3]:
        add_pixels(store, ada, image)
    return Ref(Kind.DATASET, dataset), [Ref(Kind.IMAGE, image) for image in images]


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Lab]]:
    folder = tmp_path_factory.mktemp("series")
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwra--")
        users = [
            create_user(store.schema, connection, name, first_name=first, last_name=last, groups=[group], password=name)
            for name, first, last in (("ada", "Ada", "Lovelace"), ("ben", "Ben", "Barres"))
        ]
        ada, ben = (LibraryWriter(store, connection, user, group) for user in users)
        parts = [furnish(store, ada, ben) for _ in range(SERIES)]
    store.close()
    with running_server(folder, "--set", "desk.faults=") as server, FaultProxy(server.host, server.ssl_port) as proxy:
        admin = Admin(server)
        yield (Lab(proxy, dataset, images, images[0], admin) for dataset, images in parts)
        admin.close()


class Biologist(Inspector):
    """Somebody at the window."""

    @property
    def lab(self) -> Lab:
        return self.desk.lab

    @property
    def images(self) -> list[Ref]:
        return self.lab.images

    async def pick(self, number: int) -> None:
        """Select the first images in the gallery."""
        await self.desk.pick(number)
        await until(lambda: len(self.model.refs) == number)
        await self.settled()

    def press(self, keys: str) -> None:
        QTest.keySequence(present(QApplication.focusWidget()), keys)

    async def undo_by_key(self) -> None:
        self.desk.view.setFocus()
        self.press("Ctrl+Z")
        await self.settled()

    def on_server(self, kind: str) -> list[object]:
        """What of annotations of a class ada has put on the images of the series."""
        ids = ", ".join(str(ref.id) for ref in self.images)
        query = (
            f"select l.parent.id from ImageAnnotationLink l, {kind}Annotation a where l.child.id = a.id"
            f" and l.parent.id in ({ids}) and l.details.owner.omeName = 'ada'"
        )
        return [row[0] for row in present(self.lab.admin).rows(query)]


@pytest_asyncio.fixture
async def ada(series: Iterator[Lab], qapp: QApplication) -> AsyncIterator[Biologist]:
    lab = next(series)
    desk = Desk(lab)
    desk.window.resize(1440, 900)
    desk.window.show()
    await desk.sign_in("ada")
    desk.window.activateWindow()
    await until(desk.window.isActiveWindow)
    yield Biologist(desk)
    end(desk)
    lab.proxy.heal()


def is_in_sight(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


async def test_that_tags_and_pairs_are_seen_when_an_image_is_selected(ada: Biologist) -> None:
    await ada.look_at(ada.images[0])
    (chip,) = ada.panel.tags.chips
    assert (chip.words, is_in_sight(chip)) == ("control", True)
    (card,) = ada.panel.pairs.cards
    assert card.table.pairs == (("cell line", "HeLa"), ("passage", "12"))
    assert is_in_sight(card.view)
    assert card.view.height() >= 2 * card.view.rowHeight(0), "both rows"


async def test_that_twenty_images_are_tagged(ada: Biologist) -> None:
    await ada.pick(IMAGES)
    field = ada.panel.tags.field
    assert field.placeholderText() == "Add tag to all 20"
    field.setFocus()
    await ada.part.choices.finished()
    QTest.keyClicks(field, "mitosis")
    QTest.keyClick(present(QApplication.activePopupWidget()), Qt.Key.Key_Return)
    await until(lambda: not field.text())
    await ada.settled()
    assert ada.tags == ["mitosis", "control"]
    assert sorted(ada.on_server("Tag"), key=str) == sorted((ref.id for ref in ada.images), key=str)


async def test_that_a_tag_is_taken_off_five_of_twenty_images(ada: Biologist) -> None:
    await ada.pick(IMAGES)
    await ada.type_tag("to sort")
    await ada.pick(5)
    chip = next(chip for chip in ada.panel.tags.chips if chip.words == "to sort")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip._cross.center())
    await ada.settled()
    assert ada.tags == ["control"]
    await ada.pick(IMAGES)
    (chip,) = (chip for chip in ada.panel.tags.chips if chip.words == "to sort")
    assert chip.tag.on == 15
    assert "15 of 20" in chip.accessibleName()
    assert set(ada.on_server("Tag")) == {ref.id for ref in ada.images[5:]}


async def test_that_an_image_is_rated_by_a_key(ada: Biologist) -> None:
    await ada.look_at(ada.images[0])
    ada.desk.view.setFocus()
    ada.press("Ctrl+4")
    await ada.settled()
    assert ada.panel.head.stars.stars == 4
    assert ada.on_server("Long") == [ada.images[0].id]


class System(QObject):
    """Stands for the system's programs."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


async def test_that_a_pdf_is_attached_to_a_dataset_and_opened(
    ada: Biologist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "protocol.pdf"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    await ada.look_at(ada.lab.dataset)
    ada.open("attachments")
    ada.panel.attachments.attach_button.click()
    await ada.settled()
    (row,) = ada.panel.attachments.rows
    assert row.words.text() == "protocol.pdf"
    system = System()
    QDesktopServices.setUrlHandler("file", system, "open")  # type: ignore[arg-type]
    try:
        QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
        await until(lambda: system.opened)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert (system.opened[0].name, system.opened[0].read_bytes()) == ("protocol.pdf", path.read_bytes())
    ada.part.left()


async def test_that_three_columns_of_a_csv_are_pasted_into_the_spreadsheet(ada: Biologist) -> None:
    lines = [f"{ref.id},{100 + place},{place % 3},siRNA {place}" for place, ref in enumerate(ada.images)]
    QGuiApplication.clipboard().setText("\n".join(("ID,dose,well,treatment", *lines)))
    ada.desk.select(ada.lab.dataset)
    await until(lambda: ada.desk.bench.models.contents.rowCount() == IMAGES)
    ada.desk.bench.command("gallery.sheet").trigger()
    part = ada.desk.bench.workbench.part(SheetPart)
    await until(lambda: part.panel.view.isVisible() and len(part.rows.known) == IMAGES)
    part.panel.view.setFocus()
    ada.press("Ctrl+V")
    dialog = present(ada.desk.window.findChild(ImportDialog))
    assert dialog.fill.text() == "Fill 60 cells"
    dialog.fill.click()
    part.panel.view.setFocus()
    ada.press("Ctrl+S")
    await until(lambda: not part.saver.is_saving and not part.saver.unsaved)
    assert len(ada.on_server("Map")) == IMAGES
    ada.desk.bench.command("gallery.grid").trigger()
    await ada.look_at(ada.images[4])
    (card,) = ada.panel.pairs.cards
    assert card.table.pairs == (("dose", "104"), ("well", "1"), ("treatment", "siRNA 4"))


async def test_that_a_channel_of_all_images_in_a_dataset_gets_a_name(ada: Biologist) -> None:
    await ada.look_at(ada.lab.dataset)
    ada.desk.bench.command("name-channels").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ChannelsDialog)
    await until(lambda: dialog.fields)
    dialog.fields[1].selectAll()
    QTest.keyClicks(dialog.fields[1], "Actin")
    dialog.save.click()
    await ada.settled()
    ids = ", ".join(str(ref.id) for ref in ada.images)
    query = f"select c.logicalChannel.name from Channel c where c.pixels.image.id in ({ids}) order by c.id"
    assert [name for (name,) in present(ada.lab.admin).rows(query)] == ["DAPI", "Actin"] * 3


async def test_that_it_is_found_out_who_put_a_tag_on_an_image(ada: Biologist) -> None:
    await ada.look_at(ada.images[0])
    (chip,) = ada.panel.tags.chips
    assert "Ben Barres" in chip.accessibleName(), "it stands on the chip that it is not one's own"
    place = chip.rect().center()
    QApplication.sendEvent(chip, QHelpEvent(QEvent.Type.ToolTip, place, chip.mapToGlobal(place)))
    assert "Added by Ben Barres, " in QToolTip.text()
    QToolTip.hideText()


async def a_day(ada: Biologist) -> None:
    """Tag the whole series, rate one image, comment on it, give it pairs and a description and another name."""
    await ada.pick(IMAGES)
    field = ada.panel.tags.field
    field.setFocus()
    await ada.part.choices.finished()
    field.setText(f"day {ada.lab.dataset.id}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    await until(lambda: not field.text())
    ada.desk.select(ada.images[1])
    await until(lambda: ada.model.refs == (ada.images[1],))
    ada.desk.bench.command("rate-5").trigger()
    await until(lambda: ada.model.about is not None)
    ada.open("comments")
    ada.panel.comments.add()
    QTest.keyClicks(ada.panel.comments.editor.field, "blurred")
    QTest.keyClick(ada.panel.comments.editor.field, Qt.Key.Key_Return, CONTROL)
    await until(lambda: ada.model.contents(Section.KEY_VALUES).annotations is not None)
    QGuiApplication.clipboard().setText("drug\tnocodazole\ndose\t100 nM")
    ada.panel.pairs.paste()
    ada.panel.description.edit()
    QTest.keyClicks(ada.panel.description.editor.field, "the best one")
    QTest.keyClick(ada.panel.description.editor.field, Qt.Key.Key_Return, CONTROL)
    entity = present(ada.desk.bench.tree.entity(ada.desk.index(ada.images[1])))
    ada.desk.edits.rename(entity, "best.tif")


def told(ada: Biologist) -> tuple[object, ...]:
    """What the inspector shows of the image of the day."""
    pairs = [card.table.pairs for card in ada.panel.pairs.cards]
    comments = [str(one.value) for one in ada.model.contents(Section.COMMENTS).annotations or ()]
    name, description = present(ada.model.about).name, present(ada.model.about).description
    return ada.tags, ada.panel.head.stars.stars, comments, pairs, description, name


def counted(ada: Biologist) -> list[int]:
    return [len(ada.on_server(kind)) for kind in ("Tag", "Long", "Comment", "Map")]


async def test_that_all_of_it_is_undone(ada: Biologist) -> None:
    await a_day(ada)
    await ada.settled()
    pairs = (("drug", "nocodazole"), ("dose", "100 nM"))
    tag = f"day {ada.lab.dataset.id}"
    assert told(ada) == ([tag], 5, ["blurred"], [pairs], "the best one", "best.tif")
    assert counted(ada) == [IMAGES, 1, 1, 1]
    for _ in range(6):
        await ada.undo_by_key()
    assert told(ada) == ([], 0, [], [], "", "cells_02.tif")
    assert counted(ada) == [0, 0, 0, 0]
    assert not ada.desk.bench.command("library-undo").isEnabled()


async def test_that_all_of_it_is_saved_once_and_undone_though_the_line_is_cut_in_the_middle(ada: Biologist) -> None:
    await ada.pick(IMAGES)
    ada.lab.proxy.arm(Fault.RESET, Moment.REPLY, after=2_000, once=True)
    await a_day(ada)
    await ada.settled()
    assert ada.lab.proxy.has_struck(0)
    await until(lambda: ada.desk.bench.connection.state is State.ONLINE)
    await ada.settled()
    pairs = (("drug", "nocodazole"), ("dose", "100 nM"))
    tag = f"day {ada.lab.dataset.id}"
    assert told(ada) == ([tag], 5, ["blurred"], [pairs], "the best one", "best.tif")
    assert counted(ada) == [IMAGES, 1, 1, 1]
    for number in range(6):
        if number % 2 == 0:
            ada.lab.proxy.arm(Fault.RESET, Moment.REQUEST, once=True)
        await ada.undo_by_key()
        await until(lambda: ada.desk.bench.connection.state is State.ONLINE)
    await ada.settled()
    assert counted(ada) == [0, 0, 0, 0]
    await until(lambda: ada.model.about is not None and not ada.tags)
    assert told(ada) == ([], 0, [], [], "", "cells_02.tif")
