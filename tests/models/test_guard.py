"""An error while Qt paints is told once, and the program goes on."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from omero_desk.models.guard import guarded

PACKAGE = Path(__file__).parents[2] / "omero_desk"
PAINTED = {"paintEvent", "paint", "sizeHint", "minimumSizeHint", "heightForWidth", "data", "headerData"}
"""Functions that Qt calls while it paints and lays out."""
BARE = {("CanvasLayer", "paint"), ("Tool", "paint"), ("SelectTool", "paint"), ("DrawTool", "paint")}
"""Those that do nothing, and those that a guarded one calls."""


class Failing(QWidget):
    painted = 0

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen("red")
        Failing.painted += 1
        raise ValueError("no such pixel")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    found: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: found.append(error))
    return found  # type: ignore[return-value]


def test_that_a_widget_that_fails_to_paint_is_told_of_once(qtbot: QtBot, told: list[BaseException]) -> None:
    widget = Failing()
    qtbot.addWidget(widget)
    widget.show()
    for size in range(100, 110):
        widget.resize(size, size)
        widget.grab()
        assert not widget.paintingActive()
    QApplication.processEvents()
    assert Failing.painted >= 10
    assert list(map(str, told)) == ["no such pixel"]


def test_that_every_function_that_qt_paints_with_is_guarded() -> None:
    bare = [
        (parent.name, function.name)
        for folder in ("models", "views")
        for module in sorted((PACKAGE / folder).rglob("*.py"))
        for parent in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(parent, ast.ClassDef)
        for function in parent.body
        if isinstance(function, ast.FunctionDef) and function.name in PAINTED
        if not any("guarded" in ast.unparse(decorator) for decorator in function.decorator_list)
        if not any("overload" in ast.unparse(decorator) for decorator in function.decorator_list)
    ]
    assert sorted(set(bare) - BARE) == []
