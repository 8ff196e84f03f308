"""Takes a picture of each screen of the application, in a process of its own: `python -m tests.pictures.screens`.

The scale is QT_SCALE_FACTOR's. Each picture bears the places that are to be compared, in a text of the PNG file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QWidget,
)

from omero_desk.app import make_application
from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.messages import Action
from omero_desk.models.sheet.columns import Column, Field
from omero_desk.models.tree.row_data import Role
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.settings import Settings
from omero_desk.views.activities.part import ActivitiesPart
from omero_desk.views.annotations.info_head import Picture
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.sheet.part import SheetPart
from omero_desk.views.tables.part import TablesPart
from omero_desk.views.theme.theme import current, dress
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.layers import canvas_rect
from omero_desk.views.widgets.loading import Place, paint_cells
from omero_desk.views.widgets.state_card import PlaceState, failure_state
from tests.pictures import scenery
from tests.support.present import present
from tests.support.running_desk import NOTHING, Running, until

SIZE: Final = 1100, 680
_SMALL: Final = 1024, 700
_WIDE: Final = 1440, 680
_HIGH: Final = 1100, 1240
_MOCK_UP: Final = 1440, 900
PLACES: Final = "places"
"""The text in the PNG file: JSON, by name [kind, left, top, width, height] in the picture's pixels."""
_WORDS: Final = (
    QLabel,
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QHeaderView,
)
_SCALE_BAR: Final = 96, 40
_SPOT: Final = 0.5, 1200.0, 900.0
"""Zoom on a logical pixel, and the place in the middle, when the slide is looked at."""
_CLEAR: Final = QRect(300, 200, 300, 200)
"""Of the canvas in front of the slide, in logical pixels from its middle: what no inset lies over."""


class Photographer:
    """Walks through the application and takes pictures into a folder."""

    def __init__(self, running: Running, things: scenery.Scenery, folder: Path) -> None:
        self._running, self._things, self._folder = running, things, folder

    async def sign_in(self, address: str) -> None:
        """As ada, whose password is her name."""
        bench = self._running.bench
        bench.connection.sign_in(SignInForm(address, "ada", "ada", group="shared lab"))
        await until(
            lambda: bench.connection.account is not None and bench.tree.rowCount() and not bench.connection.busy
        )
        await bench.tree.finished()

    async def take_all(self) -> None:
        """Every screen in turn."""
        bench = self._running.bench
        await self._select("Pictures", "All sorts")
        await self._settle()
        self._take("grid", self._cells())
        bench.gallery.bar.as_table.click()
        await self._settle()
        self._take("table")
        viewer = await self._open(self._things.cells, "Cells")
        self._take("viewer", _image(viewer))
        rois = present(viewer.findChild(RoiSide))
        rois.toggle()
        await until(lambda: rois.rois.is_complete)
        await self._settle()
        self._take("rois", _image(viewer))
        rois.toggle()
        await self._take_slide()
        await self._take_plate()
        await self._take_several()
        self._take_components()
        await self._take_inspector()
        await self._take_spreadsheet()
        await self._take_table()

    async def _take_inspector(self) -> None:
        """One image with all that people write on it, in a window that is high enough for it."""
        bench = self._running.bench
        annotations = bench.workbench.part(AnnotationsPart)
        bench.centre.show_contents()
        await self._select("Pictures", scenery.ANNOTATED)
        await self._settle()
        bench.gallery.pick([self._things.noted])
        for section in ("tags", "key_values", "comments"):
            annotations.details.show_section(section)
        self._running.window.resize(*_HIGH)
        await until(lambda: annotations.inspected.refs == (Ref(Kind.IMAGE, self._things.noted),))
        await self._settle()
        annotations.details.verticalScrollBar().setValue(0)
        bench.gallery.grid.setFocus()
        picture = present(annotations.details.head.findChild(Picture))
        inspector = bench.workbench.inspector
        self._take("inspector", lambda: {"cell picture": (picture, _square(picture.rect()))}, inspector)
        self._running.window.resize(*SIZE)

    async def _take_spreadsheet(self) -> None:
        """Cells that are changed and not saved, one of them selected."""
        bench = self._running.bench
        part = bench.workbench.part(SheetPart)
        self._running.window.resize(*_WIDE)
        bench.command("gallery.sheet").trigger()
        await until(lambda: part.sheet.entities and all(one in part.rows.known for one in part.sheet.entities))
        view, gene = part.panel.view, part.sheet.columns.index(Column(Field.KEY, "Gene"))
        for row, text in ((1, "PLK1"), (2, "BUB1"), (4, "PLK1")):
            view.setCurrentIndex(part.sheet.index(row, gene))
            view.put(text)
        view.horizontalScrollBar().setValue(0)
        await self._settle()
        self._take("spreadsheet", part=bench.gallery)
        part.sheet.changes.discard()
        bench.command("gallery.grid").trigger()

    async def _take_table(self) -> None:
        """A table with the histogram of a column, some of whose rows are selected."""
        part = self._running.bench.workbench.part(TablesPart)
        file, plate = self._things.table, Ref(Kind.PLATE, self._things.plate)
        panel = part.open_table(StoredFile(file, "measurements.h5", None, TABLE), plate)
        await until(lambda: not panel.table.doing and panel.table.table is not None)
        panel.bar.plot.setChecked(True)
        plot = panel.table.plot
        await until(lambda: plot.offered and not plot.doing)
        plot.draw([next(head for head in plot.offered if head.name == "Area")])
        await until(lambda: len(plot.x) and not plot.doing)
        plot.choose_box(200, 240, 0, 1e9)
        await until(lambda: not (panel.table.doing or panel.grid._rest.isActive() or panel.table.rows.is_reading))
        await self._settle()
        self._take("omero-table", part=panel)
        self._running.window.resize(*SIZE)

    async def _take_slide(self) -> None:
        viewer = await self._open(self._things.slide, "Slide")
        zoom, x, y = _SPOT
        viewer.canvas.zoom_to(zoom * viewer.devicePixelRatioF())
        viewer.canvas.show_place(x, y)
        await until(lambda: viewer.model.is_complete)
        await self._settle()
        self._take("pyramid", _middle(viewer), viewer)

    async def _take_plate(self) -> None:
        bench = self._running.bench
        bench.centre.show_contents()
        await self._select("Doses", "Plate 1")
        await self._settle()
        self._take("plate", self._wells(), bench.plate)
        bench.plate.bar.measure.setCurrentIndex(bench.plate.bar.measure.findData(scenery.MEASURE))
        bench.models.plate.set_measure(scenery.MEASURE)
        await self._settle()
        self._take("heat-map", self._wells(), bench.plate)

    async def _take_several(self) -> None:
        """All images of a dataset, with what was done shown below; then the same in a window of 1024 x 700."""
        bench = self._running.bench
        await self._select("Pictures", "All sorts")
        bench.gallery.bar.as_gallery.click()
        bench.gallery.grid.selectAll()
        await self._settle()
        self._take("several", self._cells())
        self._running.window.resize(*_MOCK_UP)
        self._running.window.statusBar().show()
        await self._settle()
        (self._folder / "regions.json").write_text(json.dumps(self._regions()))
        self._running.window.statusBar().hide()
        self._running.window.resize(*SIZE)
        activities = bench.workbench.part(ActivitiesPart).model
        number = activities.begin("export", "Exporting Cells")
        activities.progress(number, 3, 12, "3 of 12 planes")
        bench.workbench.part(ActivitiesPart).page.open()
        await self._settle()
        self._take("activities")
        activities.finish(number, "Exported Cells")  # while one runs the region opens by itself
        activities.clear()
        bench.command("bottom").trigger()
        self._running.window.resize(*_SMALL)
        await self._settle()
        self._take("small", self._cells())
        self._running.window.resize(*SIZE)

    def _regions(self) -> dict[str, Any]:
        """The rectangles of the regions in a window as large as the mock-ups, and the colours of their corners."""
        bench, window = self._running.bench, self._running.window
        workbench = bench.workbench
        regions = {
            "top bar": workbench._top,
            "left": workbench._side,
            "tabs": bench.centre.tabBar(),
            "head and filter": bench.gallery.bar,
            "content": bench.gallery.place,
            "inspector": workbench.inspector,
            "status bar": window.statusBar(),
        }
        image = window.grab().toImage()
        found: dict[str, Any] = {}
        for name, widget in regions.items():
            rect = _within(window, widget, widget.rect())
            corner = (rect.topLeft() + QPoint(3, 3)) * window.devicePixelRatioF()
            found[name] = [*_scaled(rect, 1.0), image.pixelColor(corner).name()]
        return found

    def _take_components(self) -> None:
        """What stands in a place that has nothing to show, or not all of it, each in a corner."""
        sheet = components()
        sheet.show()
        self._take("components", part=sheet)
        sheet.close()

    async def take_spoiled(self) -> None:
        """What nobody should get to see, made with the application's own means: the test is tested with it."""
        viewer = self._running.bench.centre.open_image(Ref(Kind.IMAGE, self._things.cells), "Cells")
        await self._settle()
        settings = viewer.model.settings
        red, green = settings.channels[0].color, settings.channels[1].color
        viewer.model.set_channel(0, color=green)
        viewer.model.set_channel(1, color=red)
        self._take("spoiled-colour", _image(viewer))
        viewer.model.set_settings(settings)
        viewer.scale_bar.visible = False
        self._take("spoiled-scale-bar", _image(viewer))
        viewer.scale_bar.visible = True
        tokens = current()
        faint = tokens.hover
        dress(make_application(), replace(tokens, text=faint, text_quiet=faint, text_faint=faint))
        self._take("spoiled-words", _image(viewer))

    async def _select(self, *names: str) -> None:
        bench = self._running.bench
        tree, index = bench.tree, QModelIndex()
        for name in names:
            tree.fetchMore(index)
            await tree.finished()
            bench.browser.view.expand(index)
            rows = (tree.index(number, 0, index) for number in range(tree.rowCount(index)))
            index = next(row for row in rows if row.data(Role.NAME) == name)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        bench.browser.view.selectionModel().setCurrentIndex(index, flags)

    async def _open(self, image: int, name: str) -> ImageViewer:
        viewer = self._running.bench.centre.open_image(Ref(Kind.IMAGE, image), name)
        await until(lambda: viewer.model.is_complete)
        await self._settle()
        return viewer

    async def _settle(self) -> None:
        """Until nothing is under way, and what came late is drawn."""
        models = self._running.bench.models
        annotations = self._running.bench.workbench.part(AnnotationsPart)
        for _ in range(3):
            self._running.window.grab()
            await asyncio.sleep(0.1)  # what waits for a quiet moment: histograms, counts
            for model in (models.tree, models.plate, models.thumbnails, models.sizes, models.counts, models.gathering):
                await model.finished()
            await models.regions.finished()
            await until(lambda: not annotations.inspected.is_resting)
            await annotations.inspected.finished()
            await annotations.lookups.finished()

    def _take(
        self,
        name: str,
        pictures: Callable[[], dict[str, tuple[QWidget, QRect]]] | None = None,
        part: QWidget | None = None,
    ) -> None:
        """Take a picture of a part of the window, or of all of it."""
        window = part or self._running.window
        ratio = window.devicePixelRatioF()
        places: dict[str, list[Any]] = {}
        for key, (widget, rect) in (pictures() if pictures else {}).items():
            places[key] = [key.split()[0], *_scaled(_within(window, widget, rect), ratio)]
        for key, rect in _words(window):
            places[key] = ["words", *_scaled(rect, ratio)]
        image = window.grab().toImage()
        image.setText(PLACES, json.dumps(places, ensure_ascii=False))
        assert image.save(str(self._folder / f"{name}.png"))

    def _cells(self) -> Callable[[], dict[str, tuple[QWidget, QRect]]]:
        """The thumbnails without their names."""
        grid = self._running.bench.gallery.grid
        line = grid.fontMetrics().height() + 4

        def found() -> dict[str, tuple[QWidget, QRect]]:
            indexes = [grid.model().index(row, 0) for row in range(grid.model().rowCount())]
            rects = {f"cell {n}": grid.visualRect(index).adjusted(0, 0, 0, -line) for n, index in enumerate(indexes)}
            return {key: (grid.viewport(), _square(rect)) for key, rect in rects.items()}

        return found

    def _wells(self) -> Callable[[], dict[str, tuple[QWidget, QRect]]]:
        grid = self._running.bench.plate.grid
        places = [divmod(number, scenery.COLUMNS) for number in range(scenery.ROWS * scenery.COLUMNS)]

        def found() -> dict[str, tuple[QWidget, QRect]]:
            rects = {f"cell {row}.{column}": grid.visualRect(grid.model().index(row, column)) for row, column in places}
            return {key: (grid.viewport(), rect) for key, rect in rects.items()}

        return found


def components() -> QWidget:
    """The states of a place side by side: blocks while it loads, an error, a part of it, nothing found."""
    sheet = QWidget()
    sheet.setProperty("ground", "base")
    sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    sheet.resize(*SIZE)
    grid = QGridLayout(sheet)
    places = [Place(QWidget(), blocks=_paint_cells) for _ in range(4)]
    for number, place in enumerate(places):
        grid.addWidget(place, number // 2, number % 2)
    loading, failed, partial, nothing = places
    loading.show_empty(PlaceState("", ""))
    loading.wait(True, 3000, 10_000)
    loading.line.loading.to_words.timeout.emit()
    failed.show_empty(failure_state("The images could not be read", "The server is busy.", list, "Ice.X"))
    partial.strip.tell("2 of 24 could not be read.", Action("Try again", list))
    nothing.show_empty(PlaceState("search", "No image here matches “CA1”", link=Action("Clear filter", list)))
    return sheet


def _paint_cells(painter: QPainter, area: QRect) -> None:
    paint_cells(painter, area, QSize(108, 140), 30)


def _image(viewer: ImageViewer) -> Callable[[], dict[str, tuple[QWidget, QRect]]]:
    """The image, wherever it is on the canvas; and where the scale bar belongs."""
    canvas = viewer.canvas

    def found() -> dict[str, tuple[QWidget, QRect]]:
        info, ratio = viewer.model.info, canvas.devicePixelRatioF()
        assert info is not None
        rect = canvas_rect(canvas.viewport, 0, 0, info.size_x, info.size_y)
        on_canvas = QRect(*(round(one / ratio) for one in (rect.x(), rect.y(), rect.width(), rect.height())))
        return {"image": (canvas, on_canvas.intersected(canvas.rect())), "bar": (canvas, _corner(canvas))}

    return found


def _middle(viewer: ImageViewer) -> Callable[[], dict[str, tuple[QWidget, QRect]]]:
    """The middle of the canvas, which is at the same place of the image on any screen."""
    canvas = viewer.canvas

    def found() -> dict[str, tuple[QWidget, QRect]]:
        rect = QRect(0, 0, _CLEAR.width(), _CLEAR.height())
        rect.moveCenter(canvas.rect().center())
        box = viewer.overview.box(canvas.viewport)
        assert box is not None
        ratio = canvas.devicePixelRatioF()
        inset = QRect(*(round(one / ratio) for one in (box.x(), box.y(), box.width(), box.height())))
        return {"image": (canvas, rect), "cell overview": (canvas, inset), "bar": (canvas, _corner(canvas))}

    return found


def _corner(canvas: QWidget) -> QRect:
    width, height = _SCALE_BAR
    return QRect(canvas.width() - width - 12, canvas.height() - height - 10, width, height)


def _square(rect: QRect) -> QRect:
    """The middle of a cell, which does not depend on how many there are in a row."""
    side = min(rect.width(), rect.height())
    square = QRect(0, 0, side, side)
    square.moveCenter(rect.center())
    return square


_TWO_COLOURS: Final = frozenset({"Single plane"})
"""Buttons whose icon has a colour of its own and about as many pixels as their words: either may pass for the ink."""


def _words(window: QWidget) -> Iterator[tuple[str, QRect]]:
    """Whatever bears words or an icon, by what it is and says."""
    numbers: dict[str, int] = {}
    for widget in window.findChildren(QWidget):
        seen = widget.visibleRegion().boundingRect()
        if isinstance(widget, _WORDS) and seen.width() > 2 and seen.height() > 2 and _said(widget) not in _TWO_COLOURS:
            name = f"{type(widget).__name__} {_said(widget)}".strip()
            numbers[name] = numbers.get(name, 0) + 1
            yield f"{name} ({numbers[name]})", _within(window, widget, seen)


def _said(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return widget.text() or widget.accessibleName() or widget.toolTip()
    return widget.accessibleName() or widget.toolTip()


def _within(window: QWidget, widget: QWidget, rect: QRect) -> QRect:
    return QRect(widget.mapTo(window, QPoint()) + rect.topLeft(), rect.size())


def _scaled(rect: QRect, ratio: float) -> list[int]:
    return [round(one * ratio) for one in (rect.x(), rect.y(), rect.width(), rect.height())]


async def _work(options: argparse.Namespace) -> None:
    running = Running(options.home, NOTHING, Settings(options.theme))
    running.window.resize(*SIZE)
    running.window.statusBar().hide()  # it tells the port, and how long the server takes
    things = scenery.Scenery(*json.loads(options.things))
    photographer = Photographer(running, things, options.folder)
    await photographer.sign_in(options.server)
    await photographer.take_all()
    if options.spoil:
        await photographer.take_spoiled()
    await running.leave()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser()
    for name, kind in (("server", str), ("theme", str), ("things", str), ("folder", Path), ("home", Path)):
        parser.add_argument(name, type=kind)
    parser.add_argument("--font", default="")
    parser.add_argument("--spoil", action="store_true")
    options = parser.parse_args()
    application = make_application()
    QApplication.setCursorFlashTime(0)
    if options.font:
        application.setFont(QFont(options.font, application.font().pointSize()))
    with EventLoop(application) as loop:
        try:
            loop.run_until_complete(_work(options))
        except BaseException:
            traceback.print_exc()  # the application's own hook would put it into its log
            raise


if __name__ == "__main__":
    main()
