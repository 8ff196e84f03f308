"""One design for all that is seen: its contrasts, its one place, and how it follows the system."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

import omero_desk.views
from omero_desk.views.theme.sheet import sheet, tall
from omero_desk.views.theme.theme import current, dress, of_system, palette, with_accent
from omero_desk.views.theme.tokens import DARK, LIGHT, Tokens, contrasts, ratio
from tests.support.dressed import as_before

VIEWS = Path(omero_desk.views.__path__[0])
ROOM = "theme"
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def dressed_as_before(qapp: QApplication) -> Iterator[None]:
    with as_before(qapp):
        yield


def outside() -> list[Path]:
    """The modules of views that are not the theme's."""
    return [module for module in sorted(VIEWS.rglob("*.py")) if ROOM not in module.relative_to(VIEWS).parts]


def colour_constants(tokens: Tokens) -> dict[str, str]:
    return {name: value for name, value in asdict(tokens).items() if name != "is_dark"}


@THEMES
def test_that_all_colours_that_meet_can_be_told_apart(tokens: Tokens) -> None:
    pairs = list(contrasts())
    assert len(pairs) > 130
    poor = {
        (front, ground): found
        for front, ground, least in pairs
        if (found := ratio(getattr(tokens, front), getattr(tokens, ground))) < least
    }
    assert poor == {}


def test_that_the_ratio_is_that_of_the_standard() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)  # the lightest grey that passes on white


def test_that_no_colour_is_named_outside_the_theme() -> None:
    named = [f"{module.name}: {found}" for module in outside() for found in HEX.findall(module.read_text("utf-8"))]
    assert named == []


def test_that_no_sheet_is_set_outside_the_theme() -> None:
    setting = [
        module.name
        for module in outside()
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "setStyleSheet"
    ]
    assert setting == []


@THEMES
def test_that_the_sheet_is_whole(tokens: Tokens, qapp: QApplication) -> None:
    text = sheet(tokens, qapp.font())
    assert "$" not in text
    assert text.count("{") == text.count("}")
    assert all(Path(file).is_file() for file in re.findall(r"url\(([^)]+)\)", text))
    assert not re.search(r"(^|[},])\s*(\*|QWidget)\s*\{", text)  # either would dress every widget there is
    assert "::item" not in text.replace("QMenu::item", "").replace("QMenuBar::item", "").replace("QStatusBar::item", "")


def test_that_letters_that_are_larger_get_more_room() -> None:
    small, large = QFont("DejaVu Sans", 9), QFont("DejaVu Sans", 24)
    assert tall(26, small) == 26
    assert tall(26, large) > 40


@THEMES
def test_that_the_application_wears_what_it_is_given(tokens: Tokens, qapp: QApplication) -> None:
    dress(qapp, tokens)
    assert current() == tokens
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == tokens.window
    disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == tokens.disabled
    assert tokens.window in qapp.styleSheet()


@THEMES
def test_that_an_accent_that_can_be_read_is_taken(tokens: Tokens) -> None:
    purple = QColor("#7a3fb0" if tokens is LIGHT else "#8f5ecc")
    own = with_accent(tokens, purple)
    assert own.accent == purple.name()
    assert own.selection != tokens.selection
    assert with_accent(tokens, None) == tokens


@THEMES
@settings(deadline=None)  # a machine that is busy takes long for 140 pairs of colours
@given(rgb=st.tuples(*[st.integers(0, 255)] * 3))
def test_that_no_accent_makes_anything_unreadable(tokens: Tokens, rgb: tuple[int, int, int]) -> None:
    own = with_accent(tokens, QColor(*rgb))
    assert all(ratio(getattr(own, front), getattr(own, ground)) >= least for front, ground, least in contrasts())


@THEMES
def test_that_a_system_of_high_contrast_keeps_its_own_colours(tokens: Tokens) -> None:
    theirs = palette(replace(tokens, window="#000000", text="#ffff00", selection="#00ff00", selection_text="#000000"))
    own = of_system(theirs)
    assert (own.window, own.text, own.selection) == ("#000000", "#ffff00", "#00ff00")
    assert own.text_faint == own.border == "#ffff00"
    assert all(QColor(value).isValid() for value in colour_constants(own).values())
