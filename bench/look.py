"""`./run bench look`: what painting costs, without a server: scrolling, a change of the theme, typing in the search.

What counts is the processor's time of the thread that paints, which other programs on the computer hardly change.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter, thread_time
from typing import Any, Final

import numpy as np
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from bench import start
from bench.results import print_table, save
from omero_desk.app import make_application
from omero_desk.entities.objects import ROOT, Account, AnnotationCounts, Entity, Kind, Ref
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Well
from omero_desk.entities.tables import PlateTable, Sums
from omero_desk.entities.thumbnails import ImageSize, Kept, ThumbnailSource
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.plates.plate import PlateModel
from omero_desk.system.event_loop import EventLoop
from omero_desk.views.gallery.image_table import ImageTable
from omero_desk.views.gallery.thumbnail_grid import ThumbnailGrid
from omero_desk.views.plates.plate_panel import PlatePanel
from omero_desk.views.theme.theme import Theme, ThemeChoice, dress
from omero_desk.views.theme.tokens import LIGHT
from omero_desk.views.tree.part import TreePart
from omero_desk.views.window.finding_part import FindingPart
from tests.support.bare_desk import BareDesk
from tests.support.fake_library import SCOPE, Library, entity, images

Row = tuple[str, str, str, str]
ROWS: Final = 100_000
THUMBNAILS: Final = 10_000
PLATE: Final = 32, 48
SIZE: Final = 1440, 900
_FRAMES: Final = 300
_FRAME_S: Final = 0.016
_SIDE: Final = 96
_DATASET: Final = Ref(Kind.DATASET, 5)
_WORDS: Final = "image99 tif"
_THEMES: Final = 7
_QUIET: Final = 0.05
"""Seconds for a window to come up."""


class Pictures:
    """Answers for thumbnails: one picture for all."""

    def __init__(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (_SIDE, _SIDE, 3), np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(noise).save(buffer, "jpeg")
        self._picture = buffer.getvalue()

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """Pixels of the image's number."""
        size = ImageSize(512, 512, 5, 3, 1)
        return {one: ThumbnailSource(one, one, "settings", one, 1, size=size) for one in image_ids}

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """The picture."""
        return dict.fromkeys(pixels_ids, self._picture)

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        """The picture."""
        return self._picture

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        """Nothing is on disk."""
        return {}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        """Nothing is kept."""


class Wells:
    """Answers for a plate that is full."""

    async def plate(self, ref: Ref) -> PlateInfo:
        """A well has one field."""
        rows, columns = PLATE
        counts = tuple((well, 0, 1) for well in range(1, rows * columns + 1))
        return PlateInfo(ref.id, "plate", rows, columns, field_counts=counts)

    async def wells(self, plate_id: int, offset: int) -> tuple[Sequence[Well], int | None]:
        """All at once."""
        places = [divmod(number, PLATE[1]) for number in range(PLATE[0] * PLATE[1])]
        return [Well(number, *place) for number, place in enumerate(places, 1)], None

    async def fields(self, plate_id: int, run: int, number: int, offset: int) -> tuple[Sequence[Field], bool]:
        """An image in each."""
        rows, columns = PLATE
        return [Field(well, well, well, f"well {well}") for well in range(1, rows * columns + 1)], False

    async def labels(self, plate_id: int, run: int, number: int) -> PlateLabels:
        """None."""
        return PlateLabels()

    async def well_fields(self, well_ids: Sequence[int], run: int) -> Sequence[Field]:
        """One a well."""
        return [Field(well, well, well) for well in well_ids]

    async def tables(self, plate_id: int) -> Sequence[PlateTable]:
        """None."""
        return ()

    async def wells_of_images(self, plate_id: int, run: int) -> Mapping[int, int]:
        """None is asked for."""
        return {}

    async def sums(
        self, table: PlateTable, column: int, plate: tuple[int, str], wanted: frozenset[int | str], start: int
    ) -> Sums:
        """No table, no sums."""
        raise NotImplementedError


def main() -> None:
    """Measure all, print the table and keep it."""
    application = make_application()
    dress(application, LIGHT)
    print("Measuring starts…", flush=True)
    starts = start.run()
    with EventLoop(application) as loop:
        found = loop.run_until_complete(_measure(application))
    table = _table(found, starts)
    print_table(table)
    save("look", {"start": starts, "look": found, "table": table})


async def _measure(application: QApplication) -> dict[str, Any]:
    found: dict[str, Any] = {}
    pictures = Pictures()
    thumbnails = ThumbnailsModel(pictures, _fail)
    found |= await _measure_lists(thumbnails)
    plate = PlateModel(Wells(), _fail)
    panel = PlatePanel(plate, thumbnails, AnnotationCountsModel(_no_counts, _fail))
    plate.open(Ref(Kind.PLATE, 1))
    await plate.finished()
    await _show(panel)
    panel.grid.zoom(_SIDE)
    found["plate"] = await _scroll(panel.grid, thumbnails)
    panel.close()
    found |= await _measure_window(application)
    for model in (thumbnails, plate):
        model.cancel_all()
        await model.finished()
    return found


async def _measure_lists(thumbnails: ThumbnailsModel) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sizes = ImageSizesModel(_sizes, _fail)
    contents = ContentsModel(_nobody, sizes)
    grid = ThumbnailGrid(contents, thumbnails)
    await _show(grid)
    contents.show_entities("few", _entities(THUMBNAILS))
    found["thumbnails"] = await _scroll(grid, thumbnails)
    grid.hide()
    contents.show_entities("many", _entities(ROWS))
    table = ImageTable(contents, grid.selectionModel())
    await _show(table)
    contents.measure(True)
    await sizes.finished()
    found["table"] = await _scroll(table, sizes)
    table.close()
    return found


async def _measure_window(application: QApplication) -> dict[str, Any]:
    """The tree, the theme and the search, in the window with all its parts."""
    desk = BareDesk()
    tree, finding = desk.workbench.part(TreePart), desk.workbench.part(FindingPart)
    library = Library()
    library.put(ROOT, [entity(Kind.DATASET, _DATASET.id, "many", ROWS)])
    library.put(_DATASET, images(ROWS))
    tree.model._fetch = library.fetch
    await _show(desk.window)
    found: dict[str, Any] = {"theme": _switch(Theme(application, ThemeChoice.LIGHT), desk.window)}
    desk.workbench._side.setEnabled(True)
    tree.model.open(SCOPE)
    await tree.model.finished()
    dataset = tree.model.index(0, 0)
    tree.model.fetchMore(dataset)
    await tree.model.finished()
    tree.browser.view.expand(tree.model.index(0, 0))
    found["tree"] = await _scroll(tree.browser.view, tree.model)
    found["letters"] = await _type(finding)
    await desk.close()
    return found


async def _scroll(view: QAbstractItemView, model: Any) -> dict[str, float]:
    """Scroll on by a quarter of the view a frame, as a quick hand does, and let the event loop paint what comes in."""
    bar = view.verticalScrollBar()
    step = max(bar.pageStep() // 4, 1)
    frames: list[tuple[float, float]] = []
    for number in range(_FRAMES):
        clock, processor = perf_counter(), thread_time()
        bar.setValue((number + 1) * step % max(bar.maximum(), 1))
        await asyncio.sleep(_FRAME_S)
        frames.append(((perf_counter() - clock) * 1000, (thread_time() - processor) * 1000))
    await model.finished()
    return _summary(frames)


def _switch(theme: Theme, window: QWidget) -> dict[str, float]:
    """Change the theme to and fro, and paint the window each time."""
    taken = []
    for number in range(_THEMES):
        choice = ThemeChoice.DARK if number % 2 == 0 else ThemeChoice.LIGHT

        def change(choice: ThemeChoice = choice) -> None:
            theme.choose(choice)
            window.grab()

        taken.append(_timed(change))
    return _summary(taken)


async def _type(finding: FindingPart) -> dict[str, float]:
    """Type letters into the search over all that is loaded: a letter, and the frame that shows it."""
    finding.palette.open_with("")
    taken = []
    for letter in _WORDS * 3:

        def press(letter: str = letter) -> None:
            QTest.keyClicks(finding.palette.edit, letter)
            finding.palette.repaint()

        taken.append(_timed(press))
        while finding.found.searching:
            await asyncio.sleep(0)
    return _summary(taken)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that something takes, by the clock and of the processor."""
    clock, processor = perf_counter(), thread_time()
    act()
    return (perf_counter() - clock) * 1000, (thread_time() - processor) * 1000


def _summary(frames: Sequence[tuple[float, float]]) -> dict[str, float]:
    clock, processor = (np.array(one) for one in zip(*frames, strict=True))
    return {
        "number": len(frames),
        "p50": float(np.percentile(clock, 50)),
        "p99": float(np.percentile(clock, 99)),
        "processor p50": float(np.percentile(processor, 50)),
        "processor p99": float(np.percentile(processor, 99)),
    }


def _table(found: Mapping[str, Any], starts: Mapping[str, float]) -> list[Row]:
    named = (
        ("tree", f"A frame while the tree of {ROWS:,} rows scrolls", "16 ms"),
        ("table", f"A frame while the table of {ROWS:,} images scrolls", "16 ms"),
        ("thumbnails", f"A frame while {THUMBNAILS:,} thumbnails scroll", "16 ms"),
        ("plate", f"A frame while {PLATE[0] * PLATE[1]:,} wells scroll", "16 ms"),
        ("theme", "A change of the theme, until the window is painted", "200 ms"),
        ("letters", f"A letter typed into the search over {ROWS:,} objects", "16 ms"),
    )
    rows = [(words, _words(found[name]), aim, _detail(found[name])) for name, words, aim in named]
    began = f"{starts['window'] * 1000:.0f} ms; an empty window {starts['empty'] * 1000:.0f} ms"
    return [*rows, ("Start of the process to a painted window", began, "", "median of starts in turn")]


def _words(one: Mapping[str, float]) -> str:
    return f"half under {one['processor p50']:.1f} ms, p99 {one['processor p99']:.1f} ms"


def _detail(one: Mapping[str, float]) -> str:
    return f"{one['number']:.0f} times"


async def _show(widget: QWidget) -> None:
    widget.resize(*SIZE)
    widget.show()
    await asyncio.sleep(_QUIET)


def _entities(number: int) -> list[Entity]:
    return images(number)


async def _sizes(image_ids: Sequence[int]) -> dict[int, ImageSize]:
    return dict.fromkeys(image_ids, ImageSize(512, 512, 5, 3, 1))


async def _no_counts(refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
    return {ref: AnnotationCounts() for ref in refs}


def _nobody() -> Account | None:
    return None


def _fail(error: BaseException) -> None:
    raise error
