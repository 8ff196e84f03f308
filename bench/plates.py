"""A plate of 1536 wells in its panel: round trips, and how long the window stands still while it scrolls."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from bench.proxy import ProxyProcess
from bench.results import print_table, save
from bench.stalls import StallMeter
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.plates.plate import PlateModel
from omero_desk.readers.annotations import AnnotationReader
from omero_desk.readers.plates import PlateReader
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.views.plates.plate_panel import PlatePanel
from tests.support.plate_library import PlateLab, plate_lab

ROUND_TRIPS: Final = (0.0, 0.05)
_SIDE: Final = 96
_STEP: Final = 40
_FRAME_S: Final = 0.016


def main() -> None:
    """Measure at each round trip, print the table and keep it."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    found = []
    with tempfile.TemporaryDirectory() as folder, plate_lab(Path(folder) / "library") as lab:
        assert lab.server is not None
        for round_trip in ROUND_TRIPS:
            cache = Path(folder) / f"{round_trip}"
            cache.mkdir()
            line = ProxyProcess(lab.server.host, lab.server.ssl_port, round_trip)
            with line as proxy, EventLoop(application) as loop:
                found.append({"round trip": round_trip, **loop.run_until_complete(_measure(lab, proxy, cache))})
    table = [row for each in found for row in _rows(each)]
    print_table(table)
    save("plates", {"plates": found, "table": table})


async def _measure(lab: PlateLab, proxy: ProxyProcess, cache: Path) -> dict[str, Any]:
    service, disk, file = ServiceManager(), Worker("disk"), ThumbnailFile(cache / "thumbnails.db")
    thumbnails = ThumbnailsModel(ThumbnailReader(service, file, disk), _fail)
    plate = PlateModel(PlateReader(service), _fail)
    counts = AnnotationCountsModel(AnnotationReader(service).counts, _fail)
    panel = PlatePanel(plate, thumbnails, counts)
    panel.resize(1200, 900)
    take_short_turns()
    collector = Collector(lambda: False, panel)
    await service.sign_in(lab.sign_in(port=proxy.port))
    await plate.well_fields.finished()
    proxy.traffic()
    meter, started = StallMeter(), perf_counter()
    meter.start()
    plate.open(lab.ref("large"))
    await plate.finished()
    opened = {"seconds": perf_counter() - started, "stalls": meter.stop(), "round trips": proxy.traffic().round_trips}
    panel.show()
    panel.grid.zoom(_SIDE)
    await thumbnails.finished()
    scrolled = {name: await _scroll(panel, meter) for name in ("first", "again")}
    await thumbnails.finished()
    for model in (plate, thumbnails):
        model.cancel_all()
        await model.finished()
    service.close(patience=5)
    await disk.run(file.close)
    disk.close()
    collector.close()
    panel.close()
    return {"opened": opened, **scrolled}


async def _scroll(panel: PlatePanel, meter: StallMeter) -> dict[str, float]:
    """From end to end and back, a step a frame."""
    bar = panel.grid.verticalScrollBar()
    meter.start()
    for place in (*range(0, bar.maximum(), _STEP), *range(bar.maximum(), 0, -_STEP)):
        bar.setValue(place)
        await asyncio.sleep(_FRAME_S)
    return meter.stop()


def _rows(found: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    line, opened = f"{found['round trip'] * 1000:.0f} ms", found["opened"]

    def stalls(one: dict[str, float]) -> str:
        return f"p99 {one['p99']:.0f} ms, worst {one['worst']:.0f} ms"

    seconds = f"{opened['seconds']:.2f} s; {stalls(opened['stalls'])}"
    return [
        (f"{line}: round trips to open a plate of 1,536 wells", f"{opened['round trips']}", "", seconds),
        (f"{line}: stalls while it scrolls, thumbnails on their way", stalls(found["first"]), "16 ms, 50 ms", ""),
        (f"{line}: stalls while it scrolls again", stalls(found["again"]), "16 ms, 50 ms", ""),
    ]


def _fail(error: BaseException) -> None:
    raise error


if __name__ == "__main__":
    main()
