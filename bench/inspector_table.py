"""The table of `./run bench inspector`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.stalls import in_words

Result = dict[str, Any]
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    images: int = 10_000
    walked: int = 100
    some: int = 1000
    repeats: int = 3
    edited: int = 30


def rows(found: Result, own: Result, scale: Scale) -> list[Row]:
    """Return the rows of a table; `own` is what was found without a line in between, to know the server's own times."""
    trip = found["round trip"]
    line = f"{trip * 1000:.0f} ms"
    steps = (_rows_of_one, _rows_of_walks, _rows_of_many, _rows_of_sheet)
    told = [row for step in steps for row in step(found, own, scale)]
    return [(f"{line}: {what}", *others) for what, *others in told]  # type: ignore[misc]


def _rows_of_one(found: Result, own: Result, scale: Scale) -> list[Row]:
    header, sections, trip = found["header"], found["sections"], found["round trip"]
    worst = max(sections.values(), key=lambda one: float(one["seconds"]))
    alone = own["sections"]["tags"]["seconds"]
    return [
        (
            "the head and the details of an image, after its rest of 80 ms",
            f"{header['round trips']} round trips, {sum(header['sent'].values())} request",
            "2",
            _longer(header["seconds"], own["header"]["seconds"], trip),
        ),
        (
            f"a section that is opened, of {len(sections)}",
            f"{_most_requests(sections)} round trip",
            "1",
            f"tags: {_longer(sections['tags']['seconds'], alone, trip)}; the slowest {worst['seconds'] * 1000:.0f} ms",
        ),
    ]


def _most_requests(sections: Result) -> int:
    """Return the most requests that the contents of a section took."""
    return max(int(one["sent"]["section_of"]) for one in sections.values())


def _rows_of_walks(found: Result, own: Result, scale: Scale) -> list[Row]:
    told: list[Row] = []
    for name, walk in found["walks"].items():
        trip, sent = found["round trip"], walk["sent"]
        words = ", ".join(f"{count} {what}" for what, count in sorted(sent.items()))
        what = f"the arrow key through {scale.walked} images, {name}"
        after = walk["last"] - (own["header"]["seconds"] if trip else 0.0)
        last = f"{walk['last'] * 1000:.0f} ms" if not trip else f"{after / trip:.2f} round trips + the server's time"
        told += [
            (
                f"{what}: stalls",
                in_words(walk["stalls"]),
                "p99 16 ms",
                f"p99 {walk['processor']['p99']:.0f} ms, worst {walk['processor']['worst']:.0f} ms of the processor;"
                f" {_spans('the key itself', walk['key'])}",
            ),
            (
                f"{what}: requests",
                f"{sum(sent.values())}",
                "",
                f"{words}; {sum(walk['asked'].values())} were asked for",
            ),
            (
                f"{what}: the last one shown, after its rest",
                last,
                "1.5 round trips",
                f"{walk['last'] * 1000:.0f} ms; with tags and pairs {walk['last with its sections'] * 1000:.0f} ms",
            ),
        ]
    return told


def _rows_of_many(found: Result, own: Result, scale: Scale) -> list[Row]:
    some, tags = found["some"], found["tag"]
    ours, bare = _median(tags, "seconds"), _median(found["bare tag"], "all")
    sent = max(tags, key=lambda one: int(one["round trips"]))
    words = ", ".join(f"{count} {what}" for what, count in sorted(sent["sent after"].items()) if count)
    return [
        (
            f"{scale.some:,} images selected: the union of tags, pairs and ratings",
            f"{some['sections']} requests",
            "3",
            f"{some['seconds']:.2f} s; their menu's counts take {sum(some['sent'].values()) - some['sections']} more",
        ),
        (f"{scale.some:,} images selected: stalls meanwhile", in_words(some["stalls"]), "16 ms", ""),
        (
            f"{scale.images:,} images tagged",
            f"{ours / bare:.2f} x a bare script",
            "1.5 x",
            f"{ours:.2f} s against {bare:.2f} s",
        ),
        (
            f"{scale.images:,} images tagged: requests",
            f"{sent['sent']['write']} edits, {sent['round trips']} round trips",
            f"{scale.images // 500}",
            f"a read and a write each, and what else the window asks; {words or 'nothing'} after it",
        ),
        (f"{scale.images:,} images tagged: stalls meanwhile", in_words(sent["stalls"]), "16 ms", ""),
    ]


def _rows_of_sheet(found: Result, own: Result, scale: Scale) -> list[Row]:
    sheet, cells, trip = found["sheet"], found["cells"], found["round trip"]
    first, ours = _median(sheet, "first"), _median(sheet, "all")
    bare, same = _median(found["bare rows"], "all"), _median(found["bare ours"], "all")
    worst = max(sheet, key=lambda one: float(one["stalls"]["worst"]))
    what = f"a spreadsheet of {scale.images:,} images x {worst['columns']} columns"
    return [
        (f"{what}: the first rows", _longer(first, _median(own["sheet"], "first"), trip), "1.5 round trips", ""),
        (
            f"{what}: all rows",
            f"{ours / bare:.2f} x a bare script that asks ahead",
            "1.3 x",
            f"{ours:.2f} s against {bare:.2f} s; {ours / same:.2f} x a script with the same queries;"
            f" {worst['sent']['rows']} requests",
        ),
        (f"{what}: stalls meanwhile", in_words(worst["stalls"]), "16 ms", ""),
        (
            f"{what}: a cell that is edited",
            f"worst {max(one['worst'] for one in cells.values()):.1f} ms",
            "16 ms",
            "; ".join(_spans(name, times) for name, times in cells.items()),
        ),
    ]


def _longer(seconds: float, own: float, round_trip: float) -> str:
    """Return how long something took: the server's own time, or the round trips that there are beside it."""
    if not round_trip:
        return f"{seconds * 1000:.0f} ms, the server's own time"
    return f"{seconds * 1000:.0f} ms, {(seconds - own) / round_trip:.2f} round trips + the server's time"


def _spans(what: str, times: Result) -> str:
    return f"{what} {times['p50']:.1f} ms, p99 {times['p99']:.1f}"


def _median(found: Sequence[Result], what: str) -> float:
    return float(median(one[what] for one in found))
