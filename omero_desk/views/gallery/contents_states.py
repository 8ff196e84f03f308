"""What stands in the place of images: why there are none, and what of them is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from omero_desk.entities.objects import Kind
from omero_desk.models.labels import shortened
from omero_desk.models.messages import Action, Message
from omero_desk.models.quantities import number
from omero_desk.models.translation import plural, translate
from omero_desk.views.widgets.state_card import PlaceState, failure_state


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reading of images goes: how many of how many are here (0: not known), and why the others did not come.

    `kind` is that of the one container that they are in, "" for several; `remark` says what cannot be shown here.
    """

    is_under_way: bool = False
    done: int = 0
    total: int = 0
    problem: Message | None = None
    remark: str = ""
    kind: str = ""


def empty_state(reading: Reading, again: Callable[[], object]) -> PlaceState:
    """Return why there is no image at all."""
    if reading.problem is not None:
        what = translate("Gallery", "The images could not be read")
        return failure_state(what, reading.problem.text, again, reading.problem.detail)
    if reading.remark:
        return PlaceState("plate", translate("Gallery", "No images to show here"), reading.remark)
    sentences = {
        Kind.DATASET: translate("Gallery", "No images in this dataset"),
        Kind.PROJECT: translate("Gallery", "No images in this project"),
        Kind.ORPHANED_IMAGES: translate("Gallery", "No orphaned images"),
    }
    why = translate("Gallery", "Images that come in later are here after a refresh.")
    refresh = Action(translate("Gallery", "Refresh"), again)
    return PlaceState("image", sentences.get(reading.kind, translate("Gallery", "No images here")), why, refresh)


def nothing_found_state(needle: str, total: int, clear: Action) -> PlaceState:
    """Return that a filter lets no image through, and what it looked at."""
    sentence = translate("Gallery", "No image here matches “{text}”").format(text=shortened(needle))
    searched = plural("Gallery", "The names of %n images were searched.", "The name of %n image was searched.", total)
    return PlaceState("search", sentence, searched, link=clear)


def missing_words(reading: Reading, here: int) -> str:
    """Return what is missing beside the images that are here; "" for nothing."""
    if reading.problem is None:
        return reading.remark
    missing = reading.total - here
    if missing > 0:
        many = translate("Gallery", "{missing} of {total} images are not here. {why}")
        return many.format(missing=number(missing), total=number(reading.total), why=reading.problem.text)
    return translate("Gallery", "Some images may be missing. {why}").format(why=reading.problem.text)
