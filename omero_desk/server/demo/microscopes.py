"""The confocal microscope of the demo, and what its images were taken with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from omero_desk.server.demo.shelf import DAY, FIRST_DAY, Shelf

_TIME: Final = FIRST_DAY + 30 * DAY
_FILTERS: Final = ((430, 475), (500, 545), (570, 620), (660, 740))
"""Nanometres that pass to the detector, by the number of the channel."""
_LASERS: Final = (
    (405, "Semiconductor", "GaAs"),
    (488, "Gas", "Ar"),
    (561, "SolidState", "Other"),
    (640, "Gas", "HeNe"),
)
"""Nanometres, type and medium, by the number of the channel."""
_EXPOSURES: Final = (0.05, 0.1, 0.2, 0.25)


def add_microscope(shelf: Shelf, images: Sequence[int]) -> None:
    """Tell of those images whose channels have wavelengths what they were taken with."""
    schema = shelf.schema
    pixels, channel, logical = (schema.table(name) for name in ("Pixels", "Channel", "LogicalChannel"))
    known = sa.select(
        pixels.c.id, pixels.c.image_id, pixels.c.sizeT, channel.c.pixels_index, logical.c.id.label("logical")
    )
    known = known.join_from(pixels, channel, channel.c.pixels_id == pixels.c.id)
    known = known.join(logical, logical.c.id == channel.c.logicalChannel_id)
    known = known.where(pixels.c.image_id.in_(images), logical.c.excitationWave.is_not(None))
    rows = shelf.connection.execute(known.order_by(pixels.c.id, channel.c.pixels_index)).all()
    if rows:
        _Microscope(shelf).take(rows)


class _Microscope:
    """Writes an instrument of one owner in one group."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        (microscope,) = self._add(
            "Microscope",
            {
                "manufacturer": "Zeiss",
                "model": "Axio Observer.Z1",
                "type_id": self._enumeration("MicroscopeType", "Inverted"),
            },
        )
        (self._instrument,) = self._add("Instrument", {"microscope_id": microscope})
        splitter = {"manufacturer": "Zeiss", "model": "MBS 405/488/561/640", "instrument_id": self._instrument}
        (self._dichroic,) = self._add("Dichroic", splitter)

    def take(self, rows: Sequence[Any]) -> None:
        """Say what was taken with it, by rows of `add_microscope`, one for each channel."""
        self._set_images(sorted({row.image_id for row in rows}))
        paths = [self._path(number) for number in range(len(_LASERS))]
        self._update("LogicalChannel", [{"row": row.logical, **paths[row.pixels_index % len(paths)]} for row in rows])
        self._add(
            "PlaneInfo",
            *(
                {
                    "pixels_id": row.id,
                    "theZ": 0,
                    "theT": 0,
                    "theC": row.pixels_index,
                    **_quantity("exposureTime", _EXPOSURES[row.pixels_index % len(_EXPOSURES)], "SECOND"),
                    **_quantity("positionZ", 12.5, "MICROMETER"),
                }
                for row in rows
                if row.sizeT == 1
            ),
        )

    def _set_images(self, images: Sequence[int]) -> None:
        (objective,) = self._add(
            "Objective",
            {
                "manufacturer": "Zeiss",
                "model": "Plan-Apochromat 63x/1.40 Oil DIC M27",
                "serialNumber": "1151",
                "nominalMagnification": 63.0,
                "lensNA": 1.4,
                "iris": False,
                "instrument_id": self._instrument,
                **_quantity("workingDistance", 190.0, "MICROMETER"),
                "immersion_id": self._enumeration("Immersion", "Oil"),
                "correction_id": self._enumeration("Correction", "PlanApo"),
            },
        )
        medium = self._enumeration("Medium", "Oil")
        settings = {"objective_id": objective, "medium_id": medium, "refractiveIndex": 1.518, "correctionCollar": 0.17}
        (objective_settings,) = self._add("ObjectiveSettings", settings)
        air = {**_quantity("temperature", 37.0, "CELSIUS"), "humidity": 0.6, "co2percent": 0.05}
        (environment,) = self._add("ImagingEnvironment", air)
        stages = self._add(
            "StageLabel",
            *(
                {
                    "name": f"Position {n % 9 + 1}",
                    **_quantity("positionX", 1250.5 + n % 3 * 200, "MICROMETER"),
                    **_quantity("positionY", -310.25 + n % 9 // 3 * 200, "MICROMETER"),
                }
                for n in range(len(images))
            ),
        )
        same = {
            "instrument_id": self._instrument,
            "objectiveSettings_id": objective_settings,
            "imagingEnvironment_id": environment,
        }
        self._update(
            "Image",
            [{"row": image, "stageLabel_id": stage, **same} for image, stage in zip(images, stages, strict=True)],
        )

    def _path(self, number: int) -> Mapping[str, object]:
        """Add the laser, the light path and the detector of a channel; returns columns of its row."""
        wavelength, kind, medium = _LASERS[number]
        mine = {"manufacturer": "Zeiss", "instrument_id": self._instrument}
        (laser,) = self._add(
            "Laser",
            {
                **mine,
                "model": f"{wavelength} nm line",
                "type_id": self._enumeration("LaserType", kind),
                "laserMedium_id": self._enumeration("LaserMedium", medium),
                **_quantity("wavelength", float(wavelength), "NANOMETER"),
                **_quantity("power", 15.0, "MILLIWATT"),
            },
        )
        light = {"lightSource_id": laser, "attenuation": 0.02 * (number + 1)}
        detector = {**mine, "model": f"GaAsP-PMT {number + 1}", "type_id": self._enumeration("DetectorType", "PMT")}
        (detector_id,) = self._add("Detector", detector)
        seen = {"detector_id": detector_id, "gain": 650.0 + 25 * number, "offsetValue": 0.0}
        return {
            "lightSourceSettings_id": self._add("LightSettings", light)[0],
            "detectorSettings_id": self._add("DetectorSettings", seen)[0],
            "lightPath_id": self._light_path(number),
            **_quantity("pinHoleSize", 52.5, "MICROMETER"),
        }

    def _light_path(self, number: int) -> int:
        low, high = _FILTERS[number]
        mine = {"manufacturer": "Zeiss", "instrument_id": self._instrument}
        (path,) = self._add("LightPath", {"dichroic_id": self._dichroic})
        passing = {**_quantity("cutIn", float(low), "NANOMETER"), **_quantity("cutOut", float(high), "NANOMETER")}
        (band,) = self._add("TransmittanceRange", {**passing, "transmittance": 0.95})
        kind = self._enumeration("FilterType", "BandPass")
        row = {**mine, "model": f"BP {low}-{high}", "type_id": kind, "transmittanceRange_id": band}
        (emission,) = self._add("Filter", row)
        self._shelf.link("LightPathEmissionFilterLink", [(path, emission)], _TIME)
        return path

    def _enumeration(self, class_name: str, value: str) -> int:
        table = self._shelf.schema.table(class_name)
        return int(self._shelf.connection.scalars(sa.select(table.c.id).where(table.c.value == value)).one())

    def _add(self, class_name: str, *rows: Mapping[str, object]) -> list[int]:
        return self._shelf.add(class_name, rows, _TIME) if rows else []

    def _update(self, class_name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Set columns of rows, which are given as `row`, all the same columns."""
        if not rows:
            return
        table = self._shelf.schema.table(class_name)
        columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in rows[0] if name != "row"}
        statement = table.update().where(table.c.id == sa.bindparam("row")).values(columns)
        values = [{name if name == "row" else f"new_{name}": value for name, value in row.items()} for row in rows]
        self._shelf.connection.execute(statement, values)


def _quantity(name: str, value: float, unit: str) -> dict[str, object]:
    return {name: value, f"{name}_unit": unit}
