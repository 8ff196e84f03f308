"""What is known of a plate while one run and field of it are shown: wells by their places, and which pass a filter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from omero_desk.gateway.entities import Entity, Kind, Ref, natural_key
from omero_desk.gateway.plate_entities import Field, PlateInfo, PlateLabels, Well
from omero_desk.models import labels as words
from omero_desk.models.heat import Measure, counted, written

Place = tuple[int, int]
_PLACE: Final = re.compile(r"[a-z]{1,3}\d{0,3}|\d{1,3}[a-z]{0,3}")
_TIP_LABELS: Final = 12


class PlateContent:
    """The wells of a plate by (row, column), and of one run (0: all) and field the images by the wells' ids.

    `complete`: all wells are here.
    """

    def __init__(self, info: PlateInfo) -> None:
        self.info = info
        self.wells: dict[Place, Well] = {}
        self.fields: dict[int, Field] = {}
        self.labels = PlateLabels()
        self._written: Sequence[Measure] = ()
        self.complete = False
        self.run = self.field = 0
        self.counts: Mapping[int, int] = {}
        self.show_run(0, 0)
        self._texts: dict[int, str] = {}

    def place_of(self, well_id: int) -> Place | None:
        """Where a well is."""
        return next((place for place, well in self.wells.items() if well.id == well_id), None)

    def name(self, well: Well) -> str:
        """B3, or as the plate names its rows and columns."""
        return self.info.label(well.row, well.column)

    def show_run(self, run: int, field: int) -> None:
        """Turn to a run, 0 for all of them, and to a field of it, or to its last if there are not so many.

        `counts` are then the numbers of fields of wells, by their ids.
        """
        counts: dict[int, int] = defaultdict(int)
        for well, of_run, count in self.info.field_counts:
            if run in (0, of_run):
                counts[well] += count
        self.run, self.counts = run, counts
        self.field = max(min(field, self.most_fields - 1), 0)

    @property
    def most_fields(self) -> int:
        """How many fields the well has that has most of them, in the run that is shown."""
        return max(self.counts.values(), default=0)

    def add_wells(self, wells: Iterable[Well]) -> None:
        """Put wells into their places."""
        self.wells.update(((well.row, well.column), well) for well in wells)

    def show_fields(self, fields: Iterable[Field]) -> None:
        """Show the images of fields, one a well."""
        self.fields = {field.well_id: field for field in fields}
        self._texts.clear()

    def show_labels(self, labels: PlateLabels) -> None:
        """Take what hangs on wells and images."""
        self.labels, self._written = labels, written(labels)
        self._texts.clear()

    def measures(self) -> list[Measure]:
        """The numbers that wells can be coloured by."""
        return [*counted(self.wells.values(), self.counts, self.labels), *self._written]

    def entity(self, well: Well) -> Entity:
        """A well as what the details tell of, seen through the run that is shown."""
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
        """The ids of the wells that every word of `text` fits; None for no words, which all wells pass.

        A word such as B, 12 or B3 means a row, a column or a well; any other is looked for in the well's type and
        description, the image's name, tags, and key-value pairs written key=value.
        """
        needles = text.casefold().split()
        if not needles:
            return None
        places = [needle for needle in needles if self._is_place(needle)]
        others = [needle for needle in needles if needle not in places]
        return {
            well.id
            for well in self.wells.values()
            if all(needle in self._place_names(well.row, well.column) for needle in places)
            and all(needle in self._text(well) for needle in others)
        }

    def _place_names(self, row: int, column: int) -> tuple[str, str, str]:
        down, across = self.info.row_label(row).casefold(), self.info.column_label(column).casefold()
        return down, across, down + across

    def _is_place(self, needle: str) -> bool:
        """Whether a word is the name of a row, a column or a well of this plate."""
        if not _PLACE.fullmatch(needle):
            return False
        return any(needle in self._place_names(*place) for place in self.wells)

    def _text(self, well: Well) -> str:
        """All that is known of a well, in folded case and without line ends between what belongs together."""
        if not self._texts:
            hanging: dict[int, list[str]] = defaultdict(list)
            for identity, label in self._labels():
                hanging[identity].append(label)
            for one in self.wells.values():
                field = self.fields.get(one.id)
                texts = one.type, one.description, field.image_name if field else "", *hanging[one.id]
                self._texts[one.id] = "\n".join(texts).casefold()
        return self._texts.get(well.id, "")

    def _labels(self) -> Iterator[tuple[int, str]]:
        yield from self.labels.tags
        yield from ((well, f"{key}={value}") for well, key, value in self.labels.values)

    # In words

    def lines(self, well: Well) -> Iterator[str]:
        """What a tooltip says of a well: its name and kind, description, image, tags and key-value pairs."""
        yield " · ".join(words.plain(text) for text in (f"Well {self.name(well)}", well.type) if text)
        field = self.fields.get(well.id)
        if well.description:
            yield words.plain(well.description)
        if field is None or field.image_id is None:
            yield "No image in this field" if self.most_fields else "No images"
        else:
            yield f"{words.plain(field.image_name)} (image {field.image_id})"
        hanging = [words.plain(text) for one, text in self._labels() if one == well.id]
        yield from hanging[:_TIP_LABELS]
        if len(hanging) > _TIP_LABELS:
            yield f"… and {len(hanging) - _TIP_LABELS:,} more"
