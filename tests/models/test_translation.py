from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from omero_desk.entities.sentences import Sentence, mark
from omero_desk.models.translation import plural, say, translate


class German(QTranslator):
    """Knows three texts."""

    WORDS: ClassVar = {
        "Quit": "Beenden",
        "%n images": "%n Bilder",
        "{server} does not answer.": "{server} antwortet nicht.",
    }

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return self.WORDS.get(source, "")

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def german(qapp: QCoreApplication) -> Iterator[None]:
    translator = German()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "0 images"), (1, "1 image"), (2, "2 images"), (12000, "12,000 images"), (2**40, "1,099,511,627,776 images")],
)
def test_that_english_counts_one_thing_in_the_singular(n: int, words: str) -> None:
    assert plural("Gallery", "%n images", "%n image", n) == words


def test_that_a_text_nobody_translated_is_the_english() -> None:
    assert translate("Menu", "Quit") == "Quit"


@pytest.mark.usefixtures("german")
def test_that_texts_are_said_in_the_users_language() -> None:
    sentence = Sentence(mark("Connection", "{server} does not answer."), {"server": "omero.{lab}"})
    assert translate("Menu", "Quit") == "Beenden"
    assert plural("Gallery", "%n images", "%n image", 2) == "2 Bilder"
    assert plural("Gallery", "%n images", "%n image", 2**40) == f"{2**40} Bilder"
    assert say(mark("Menu", "Quit")) == "Beenden"
    assert say(sentence) == "omero.{lab} antwortet nicht."
    assert str(sentence) == "omero.{lab} does not answer."


def test_that_a_sentence_within_a_sentence_is_said_too() -> None:
    server = Sentence.of(mark("Connection", "the server"))
    lost = Sentence.of(mark("Connection", "The connection to {server} was lost."), server=server)
    assert say(lost) == "The connection to the server was lost."
    assert say(Sentence.of("{what} a server says")) == "{what} a server says"
