"""The content of a plate while one run and field of it are shown: wells by their places, and the filter over them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from omero_desk.entities.objects import Entity, Kind, Ref, natural_key
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Well
from omero_desk.entities.words import folded
from omero_desk.models import labels as words
from omero_desk.models.plates.heat import WellMeasure, counted, written
from omero_desk.models.translation import plural, translate

Place = tuple[int, int]
_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_PLACE: Final = re.compile(r"[a-z]{1,3}\d{0,3}|\d{1,3}[a-z]{0,3}")
_TIP_LABELS: Final = 12


class PlateContent:
    """The wells of a plate by (row, column), and the images of one run and field by the wells' ids.

    `run` is 0 for all runs; `field` is counted from 0; `next_wells` is the offset of the wells to read next, None once
    all have been read.
    """

    def __init__(self, info: PlateInfo) -> None:
        self.info = info
        self.wells: dict[Place, Well] = {}
        self.fields: dict[int, Field] = {}
        self.labels = PlateLabels()
        self._written: Sequence[WellMeasure] = ()
        self.next_wells: int | None = 0
        self.run = self.field = 0
        self.counts: Mapping[int, int] = {}
        self.show_run(0, 0)
        self._texts: dict[int, str] = {}

    def place_of(self, well_id: int) -> Place | None:
        """Return the (row, column) of a well; None if it is not known."""
        return next((place for place, well in self.wells.items() if well.id == well_id), None)

    def name(self, well: Well) -> str:
        """Return a well's name, such as B3, as the plate names its rows and columns."""
        return self.info.label(well.row, well.column)

    def show_run(self, run: int, field: int) -> None:
        """Show a run, 0 for all, and a field of it, or its last field if there are not so many.

        Sets `counts`, the number of fields of each well by its id.
        """
        counts: dict[int, int] = defaultdict(int)
        for well, of_run, count in self.info.field_counts:
            if run in (0, of_run):
                counts[well] += count
        self.run, self.counts = run, counts
        self.field = max(min(field, self.most_fields - 1), 0)

    @property
    def most_fields(self) -> int:
        """The greatest number of fields that a well has in the run that is shown."""
        return max(self.counts.values(), default=0)

    def add_wells(self, wells: Iterable[Well]) -> None:
        """Add wells at their places."""
        self.wells.update(((well.row, well.column), well) for well in wells)

    def show_fields(self, fields: Iterable[Field]) -> None:
        """Show the images of fields, one a well."""
        self.fields = {field.well_id: field for field in fields}
        self._texts.clear()

    def show_labels(self, labels: PlateLabels) -> None:
        """Take the annotations of wells and images."""
        self.labels, self._written = labels, written(labels)
        self._texts.clear()

    def measures(self) -> list[WellMeasure]:
        """Return the numbers that wells can be coloured by."""
        return [*counted(self.wells.values(), self.counts, self.labels), *self._written]

    def entity(self, well: Well) -> Entity:
        """Return a well as the object whose details are shown, seen through the run that is shown."""
        name = self.name(well)
        return Entity(
            Ref(Kind.WELL, well.id, self.run),
            name,
            natural_key(f"{well.row} {well.column}"),
            self.counts.get(well.id, 0),
            well.annotations,
            well.owner_id,
            well.group_id,
            well.created,
            permissions=well.permissions,
        )

    # The filter

    def passing(self, text: str) -> set[int] | None:
        """Return the ids of the wells that match every word of `text`; None for no words, which all wells match.

        A word such as B, 12, B3 or B03 means a row, a column or a well; any other is looked for in the well's type and
        description, the image's name, tags, and key-value pairs written key=value.
        """
        needles = folded(text).split()
        if not needles:
            return None
        places = [place for needle in needles if self._is_place(place := _without_zeros(needle))]
        others = [needle for needle in needles if _without_zeros(needle) not in places]
        return {
            well.id
            for well in self.wells.values()
            if all(needle in self._place_names(well.row, well.column) for needle in places)
            and all(needle in self._text(well) for needle in others)
        }

    def _place_names(self, row: int, column: int) -> tuple[str, str, str]:
        down, across = folded(self.info.row_label(row)), folded(self.info.column_label(column))
        return down, across, down + across

    def _is_place(self, needle: str) -> bool:
        """True if a word is the name of a row, a column or a well of this plate."""
        if not _PLACE.fullmatch(needle):
            return False
        return any(needle in self._place_names(*place) for place in self.wells)

    def _text(self, well: Well) -> str:
        """Return all texts of a well in folded case, one a line."""
        if not self._texts:
            hanging: dict[int, list[str]] = defaultdict(list)
            for identity, label in self._labels():
                hanging[identity].append(label)
            for one in self.wells.values():
                field = self.fields.get(one.id)
                texts = one.type, one.description, field.image_name if field else "", *hanging[one.id]
                self._texts[one.id] = folded("\n".join(texts))
        return self._texts.get(well.id, "")

    def _labels(self) -> Iterator[tuple[int, str]]:
        yield from self.labels.tags
        yield from ((well, f"{key}={value}") for well, key, value in self.labels.values)

    # In words

    def lines(self, well: Well) -> Iterator[str]:
        """Yield the lines of a well's tooltip: its name and type, description, image, tags and key-value pairs."""
        title = translate("Plates", "Well {name}").format(name=self.name(well))
        yield " · ".join(words.plain(text) for text in (title, well.type) if text)
        field = self.fields.get(well.id)
        if well.description:
            yield words.plain(well.description)
        if field is None or field.image_id is None:
            yield (
                translate("Plates", "No image in this field") if self.most_fields else translate("Plates", "No images")
            )
        else:
            yield image_line(field.image_name, field.image_id)
        hanging = [words.plain(text) for one, text in self._labels() if one == well.id]
        yield from hanging[:_TIP_LABELS]
        if (left := len(hanging) - _TIP_LABELS) > 0:
            yield plural("Plates", "… and %n more", "… and %n more", left)


def image_line(name: str, image_id: int) -> str:
    """Return a line of a tooltip with an image's name and id."""
    return translate("Plates", "{name} (image {id})").format(name=words.plain(name), id=image_id)


def _without_zeros(place: str) -> str:
    """Return the name of a place as plates have it: A1 for the A01 or A001 of instruments."""
    return _ZEROS.sub("", place)
