"""The numbers that a plate's wells can be coloured by, and their colours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from omero_desk.entities.plates import PlateLabels, Well
from omero_desk.imaging.heat import Rgb, heat_colors
from omero_desk.models.quantities import number
from omero_desk.models.translation import translate

_NUMBER: Final = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)\s*([^\s\d][^\d]{0,11})?\s*")
_STEPS: Final = 64
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class WellMeasure:
    """One number for each well, by the wells' ids; wells without a number are left out.

    `note` tells the user how several numbers of a well were made one, "" where there was but one.
    """

    name: str
    values: Mapping[int, float] = field(default_factory=dict, hash=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """A measure in colours, by the wells' ids; `legend` has the colours from `low` to `high`."""

    name: str
    low: float
    high: float
    values: Mapping[int, float]
    colors: Mapping[int, Rgb]
    legend: tuple[Rgb, ...]
    note: str = ""


def parse_number(text: str) -> tuple[float, str] | None:
    """Return the number that `text` is and its unit, "" for none; None for any other text. "10 nM" is (10.0, "nM")."""
    match = _NUMBER.fullmatch(text[:_LONGEST])
    if match is None:
        return None
    number = float(match[1])
    return (number, (match[2] or "").strip()) if abs(number) != float("inf") else None


def counted(wells: Iterable[Well], fields: Mapping[int, int], labels: PlateLabels) -> list[WellMeasure]:
    """Return the measures that count things of wells and the images in them; `fields` has numbers of fields by well."""
    annotations = {well.id: float(well.annotations) for well in wells}
    return [
        WellMeasure(translate("Plates", "Annotations of wells"), annotations),
        WellMeasure(translate("Plates", "Annotations of images"), _zero_filled(labels.image_annotations, fields)),
        WellMeasure(translate("Plates", "ROIs"), _zero_filled(labels.rois, fields)),
        WellMeasure(translate("Plates", "Fields"), _zero_filled(fields, annotations)),
    ]


def written(labels: PlateLabels) -> list[WellMeasure]:
    """Return a measure for each key and unit in key-value pairs, the mean where a well has several values."""
    found: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for well, key, text in labels.values:
        parsed = parse_number(text)
        if parsed is not None:
            number, unit = parsed
            found[f"{key} ({unit})" if unit else key][well].append(number)
    return [WellMeasure(name, {well: fmean(each) for well, each in found[name].items()}) for name in sorted(found)]


def heat(measure: WellMeasure) -> Heat | None:
    """Return the measure in colours; None if no well has a number."""
    if not measure.values:
        return None
    low, high = min(measure.values.values()), max(measure.values.values())
    colors = dict(zip(measure.values, heat_colors(list(measure.values.values()), low, high), strict=True))
    legend = heat_colors([low + (high - low) * step / (_STEPS - 1) for step in range(_STEPS)], low, high)
    return Heat(measure.name, low, high, measure.values, colors, tuple(legend), measure.note)


def number_text(value: float) -> str:
    """Return a number with up to four significant digits, whole ones below a million in full: 1,536, 0.125, 1.2e+06."""
    return number(int(value)) if value == int(value) and abs(value) < 1e6 else f"{value:.4g}"


def _zero_filled(counts: Mapping[int, int], wells: Iterable[int]) -> dict[int, float]:
    return {well: counts.get(well, 0) for well in wells}
