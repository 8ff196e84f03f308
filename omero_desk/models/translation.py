"""The one way for the program's own words to the user: through Qt's translations.

`lupdate` reads the texts from the source, so contexts and texts are literals and values are filled in afterwards:
`translate("Viewer", "Plane {number}").format(number=3)`. Constants are marked with `entities.sentences.mark` where they
are written, and translated by `say` when they are shown.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from omero_desk.entities.sentences import Sentence, Text
from omero_desk.models.quantities import number

_MOST: Final = 2**31 - 1
"""The largest number that Qt's translations take."""


def translate(context: str, source: str, comment: str = "") -> str:
    """Return a text in the user's language; `comment` tells apart texts that are alike in English."""
    return QCoreApplication.translate(context, source, comment)


def plural(context: str, many: str, one: str, n: int) -> str:
    """Return a text about `n` things, its number in place of %n, in the user's language.

    `many` and `one` are the English forms, such as "%n images" and "%n image"; translators see `one` as the comment.
    """
    bounded = min(max(n, -_MOST), _MOST)
    said = QCoreApplication.translate(context, many, one, bounded).replace(str(bounded), str(n))
    english = many if n != 1 else one
    return english.replace("%n", number(n)) if said == many.replace("%n", str(n)) else said


def say(words: Text | Sentence) -> str:
    """Return what was marked where it was written, in the user's language, with its values."""
    if isinstance(words, Text):
        return translate(*words)
    values = {name: say(value) if isinstance(value, Sentence) else value for name, value in words.values.items()}
    return translate(*words.text).format_map(values)
