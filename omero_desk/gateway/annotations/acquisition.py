"""How an image was taken: each part of a microscope and its settings as a group of facts, known ones only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import FactGroup
from omero_desk.entities.sentences import Sentence, Text, mark
from omero_desk.gateway import numbers
from omero_desk.gateway.rows import Cell, Record
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST: Final = 100
"""Parts of each sort that are told, such as channels."""
_ROUND: Final = 10_000
_YES: Final = mark("Acquisition", "yes")
_NO: Final = mark("Acquisition", "no")


def quantity(value: Cell) -> str | Text:
    """Return a value as people read it: a number with 4 digits and its unit's symbol, a text, a truth; "" for none."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, dict):
        number = quantity(value.get("value"))
        return f"{number} {shown(value.get('symbol'))}".strip() if number else ""
    if isinstance(value, int | float):
        found = numbers.finite(value)
        return "" if found is None else _digits(found)
    return shown(value)


def _digits(number: float) -> str:
    """Return 4 significant digits, since media differ in the last of 1.518, but all those before the point."""
    if abs(number) >= _ROUND:
        return f"{number:.0f}"
    return f"{number:.4g}"


def _percent(value: Cell) -> str | Text:
    """Return a share of 1 in per cent."""
    found = numbers.finite(value)
    return "" if found is None else f"{_digits(100 * found)} %"


def _counted_from_1(value: Cell) -> str:
    """Return the number of what OMERO counts from 0."""
    found = numbers.whole(value)
    return "" if found is None else str(found + 1)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact of a part: its term, and where it is in the query."""

    term: Text
    path: str
    told: Callable[[Cell], str | Text] = quantity


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a microscope: `source` is the query from "from" on; `title` may say {number}, counted from 1."""

    title: Text
    source: str
    facts: tuple[_Fact, ...]

    @property
    def query(self) -> str:
        """The query for all parts of this sort."""
        columns = ", ".join(f"{fact.path} as f{number}" for number, fact in enumerate(self.facts))
        return f"select new map({columns}) {self.source}"

    def group(self, number: int, row: Record) -> FactGroup:
        """Return what is known of one of them."""
        told = ((fact.term, fact.told(row[f"f{n}"])) for n, fact in enumerate(self.facts))
        return FactGroup(Sentence.of(self.title, number=number), tuple((term, value) for term, value in told if value))


_TYPE: Final = mark("Acquisition", "Type")
_NAME: Final = mark("Acquisition", "Name")
_GAIN: Final = mark("Acquisition", "Gain")
_VOLTAGE: Final = mark("Acquisition", "Voltage")
_OFFSET: Final = mark("Acquisition", "Offset")
_ZOOM: Final = mark("Acquisition", "Zoom")
_POWER: Final = mark("Acquisition", "Power")
_WAVELENGTH: Final = mark("Acquisition", "Wavelength")
_CUT_IN: Final = mark("Acquisition", "Cut in")
_CUT_OUT: Final = mark("Acquisition", "Cut out")
_X: Final = mark("Acquisition", "Position X")
_Y: Final = mark("Acquisition", "Position Y")
_Z: Final = mark("Acquisition", "Position Z")


def _made(alias: str) -> tuple[_Fact, ...]:
    """Return who made a part, and which one it is."""
    return (
        _Fact(mark("Acquisition", "Manufacturer"), f"{alias}.manufacturer"),
        _Fact(mark("Acquisition", "Model"), f"{alias}.model"),
        _Fact(mark("Acquisition", "Serial number"), f"{alias}.serialNumber"),
        _Fact(mark("Acquisition", "Lot number"), f"{alias}.lotNumber"),
    )


_FILTER: Final = (
    *_made("f"),
    _Fact(_TYPE, "t.value"),
    _Fact(mark("Acquisition", "Filter wheel"), "f.filterWheel"),
    _Fact(_CUT_IN, "r.cutIn"),
    _Fact(_CUT_OUT, "r.cutOut"),
    _Fact(mark("Acquisition", "Transmittance"), "r.transmittance", _percent),
)
_OF_FILTER: Final = "left outer join f.type t left outer join f.transmittanceRange r"
_MINE: Final = "instrument.id = (select i.instrument.id from Image i where i.id = :id)"
_CHANNELS: Final = "from Pixels p join p.channels c join c.logicalChannel l"
_WHERE: Final = "where p.image.id = :id order by index(c)"
_CHANNEL: Final = _Fact(mark("Acquisition", "Channel"), "l.name")


def _light(title: Text, kind: str, *facts: _Fact, joins: str = "") -> _Part:
    source = f"from {kind} s {joins} where s.{_MINE} order by s.id"
    return _Part(title, source, (*_made("s"), *facts, _Fact(_POWER, "s.power")))


_PARTS: Final = (
    _Part(
        mark("Acquisition", "Microscope"),
        "from Image i join i.instrument n join n.microscope m left outer join m.type t where i.id = :id",
        (*_made("m"), _Fact(_TYPE, "t.value")),
    ),
    _Part(
        mark("Acquisition", "Objective"),
        "from Image i join i.objectiveSettings s join s.objective o left outer join s.medium m"
        " left outer join o.immersion n left outer join o.correction k where i.id = :id",
        (
            *_made("o"),
            _Fact(mark("Acquisition", "Nominal magnification"), "o.nominalMagnification"),
            _Fact(mark("Acquisition", "Calibrated magnification"), "o.calibratedMagnification"),
            _Fact(mark("Acquisition", "Numerical aperture"), "o.lensNA"),
            _Fact(mark("Acquisition", "Immersion"), "n.value"),
            _Fact(mark("Acquisition", "Correction"), "k.value"),
            _Fact(mark("Acquisition", "Working distance"), "o.workingDistance"),
            _Fact(mark("Acquisition", "Iris"), "o.iris"),
            _Fact(mark("Acquisition", "Medium"), "m.value"),
            _Fact(mark("Acquisition", "Refractive index"), "s.refractiveIndex"),
            _Fact(mark("Acquisition", "Correction collar"), "s.correctionCollar"),
        ),
    ),
    _Part(
        mark("Acquisition", "Channel {number}"),
        f"{_CHANNELS} left outer join l.illumination m left outer join l.contrastMethod k"
        f" left outer join l.mode a {_WHERE}",
        (
            _Fact(_NAME, "l.name"),
            _Fact(mark("Acquisition", "Excitation"), "l.excitationWave"),
            _Fact(mark("Acquisition", "Emission"), "l.emissionWave"),
            _Fact(mark("Acquisition", "Fluorophore"), "l.fluor"),
            _Fact(mark("Acquisition", "Neutral density filter"), "l.ndFilter", _percent),
            _Fact(mark("Acquisition", "Pinhole"), "l.pinHoleSize"),
            _Fact(mark("Acquisition", "Illumination"), "m.value"),
            _Fact(mark("Acquisition", "Contrast method"), "k.value"),
            _Fact(mark("Acquisition", "Mode"), "a.value"),
            _Fact(mark("Acquisition", "Pockels cell"), "l.pockelCellSetting"),
        ),
    ),
    _Part(
        mark("Acquisition", "Detector settings {number}"),
        f"{_CHANNELS} join l.detectorSettings s join s.detector d left outer join s.binning b"
        f" left outer join d.type t {_WHERE}",
        (
            _CHANNEL,
            *_made("d"),
            _Fact(_TYPE, "t.value"),
            _Fact(mark("Acquisition", "Binning"), "b.value"),
            _Fact(_GAIN, "s.gain"),
            _Fact(_VOLTAGE, "s.voltage"),
            _Fact(_OFFSET, "s.offsetValue"),
            _Fact(_ZOOM, "s.zoom"),
            _Fact(mark("Acquisition", "Integration"), "s.integration"),
            _Fact(mark("Acquisition", "Read-out rate"), "s.readOutRate"),
        ),
    ),
    _Part(
        mark("Acquisition", "Light settings {number}"),
        f"{_CHANNELS} join l.lightSourceSettings s join s.lightSource d {_WHERE}",
        (
            _CHANNEL,
            *_made("d"),
            _Fact(_WAVELENGTH, "s.wavelength"),
            _Fact(mark("Acquisition", "Attenuation"), "s.attenuation", _percent),
            _Fact(_POWER, "d.power"),
        ),
    ),
    _Part(
        mark("Acquisition", "Filter set {number}"),
        f"{_CHANNELS} join l.filterSet f left outer join f.dichroic d {_WHERE}",
        (_CHANNEL, *_made("f"), _Fact(mark("Acquisition", "Dichroic"), "d.model")),
    ),
    _Part(
        mark("Acquisition", "Dichroic of the light path {number}"),
        f"{_CHANNELS} join l.lightPath h join h.dichroic d {_WHERE}",
        (_CHANNEL, *_made("d")),
    ),
    *(
        _Part(
            title,
            f"{_CHANNELS} join l.lightPath h join h.{side}FilterLink k join k.child f {_OF_FILTER} {_WHERE}",
            (_CHANNEL, *_FILTER),
        )
        for title, side in (
            (mark("Acquisition", "Excitation filter of the light path {number}"), "excitation"),
            (mark("Acquisition", "Emission filter of the light path {number}"), "emission"),
        )
    ),
    _Part(
        mark("Acquisition", "Detector {number}"),
        f"from Detector d left outer join d.type t where d.{_MINE} order by d.id",
        (
            *_made("d"),
            _Fact(_TYPE, "t.value"),
            _Fact(_GAIN, "d.gain"),
            _Fact(mark("Acquisition", "Amplification gain"), "d.amplificationGain"),
            _Fact(_VOLTAGE, "d.voltage"),
            _Fact(_OFFSET, "d.offsetValue"),
            _Fact(_ZOOM, "d.zoom"),
        ),
    ),
    _light(
        mark("Acquisition", "Laser {number}"),
        "Laser",
        _Fact(_TYPE, "t.value"),
        _Fact(mark("Acquisition", "Laser medium"), "m.value"),
        _Fact(_WAVELENGTH, "s.wavelength"),
        _Fact(mark("Acquisition", "Pulse"), "u.value"),
        _Fact(mark("Acquisition", "Repetition rate"), "s.repetitionRate"),
        _Fact(mark("Acquisition", "Frequency multiplication"), "s.frequencyMultiplication"),
        _Fact(mark("Acquisition", "Tuneable"), "s.tuneable"),
        _Fact(mark("Acquisition", "Has a Pockels cell"), "s.pockelCell"),
        joins="left outer join s.type t left outer join s.laserMedium m left outer join s.pulse u",
    ),
    _light(mark("Acquisition", "Arc lamp {number}"), "Arc", _Fact(_TYPE, "t.value"), joins="left outer join s.type t"),
    _light(
        mark("Acquisition", "Filament lamp {number}"),
        "Filament",
        _Fact(_TYPE, "t.value"),
        joins="left outer join s.type t",
    ),
    _light(mark("Acquisition", "Light emitting diode {number}"), "LightEmittingDiode"),
    _light(mark("Acquisition", "Other light source {number}"), "GenericExcitationSource"),
    _Part(mark("Acquisition", "Filter {number}"), f"from Filter f {_OF_FILTER} where f.{_MINE} order by f.id", _FILTER),
    _Part(mark("Acquisition", "Dichroic {number}"), f"from Dichroic d where d.{_MINE} order by d.id", _made("d")),
    _Part(
        mark("Acquisition", "Stage"),
        "from Image i join i.stageLabel s where i.id = :id",
        (_Fact(_NAME, "s.name"), _Fact(_X, "s.positionX"), _Fact(_Y, "s.positionY"), _Fact(_Z, "s.positionZ")),
    ),
    _Part(
        mark("Acquisition", "Imaging environment"),
        "from Image i join i.imagingEnvironment e where i.id = :id",
        (
            _Fact(mark("Acquisition", "Temperature"), "e.temperature"),
            _Fact(mark("Acquisition", "Humidity"), "e.humidity", _percent),
            _Fact(mark("Acquisition", "Carbon dioxide"), "e.co2percent", _percent),
            _Fact(mark("Acquisition", "Air pressure"), "e.airPressure"),
        ),
    ),
    _Part(
        mark("Acquisition", "First plane {number}"),
        "from PlaneInfo i where i.pixels.image.id = :id and i.theZ = 0 and i.theT = 0 order by i.theC, i.id",
        (
            _Fact(_CHANNEL.term, "i.theC", _counted_from_1),
            _Fact(mark("Acquisition", "Exposure"), "i.exposureTime"),
            _Fact(mark("Acquisition", "Time since the beginning"), "i.deltaT"),
            _Fact(_X, "i.positionX"),
            _Fact(_Y, "i.positionY"),
            _Fact(_Z, "i.positionZ"),
        ),
    ),
)
"""As OMERO.web's page of the acquisition has them; the properties are those of the OME model 2016-06.

Shares of 1, which the model calls percentages, are told in per cent.
"""


def acquisition(session: LaneSession, image_id: int) -> tuple[FactGroup, ...]:
    """Return how an image was taken; what is not known is left out. One round trip."""
    found = session.projections(*(part.query for part in _PARTS), parameters={"id": image_id}, limit=MOST)
    groups = (
        part.group(number, row)
        for part, rows in zip(_PARTS, found, strict=True)
        for number, (row,) in enumerate(rows, 1)
    )
    return tuple(group for group in groups if any(term != _CHANNEL.term for term, _ in group.facts))
