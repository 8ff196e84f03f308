"""What is said of how far a loading is."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from omero_desk.views.widgets.loading import LoadingLine


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (0, 0, "Loading"),
        (0, 300, "Loading"),
        (200, 300, "Loading, 200 of 300"),
        (300, 300, "Loading, 300 of 300"),
        (450, 300, "Loading, 450 so far"),
        (450, 0, "Loading, 450 so far"),
    ],
)
def test_that_a_total_that_has_changed_meanwhile_is_not_told(qtbot: QtBot, done: int, total: int, words: str) -> None:
    line = LoadingLine()
    qtbot.addWidget(line)
    line.count(done, total)
    assert line.words.text() == words
