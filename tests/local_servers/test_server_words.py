"""What the embedded server reports is said in the user's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QTranslator

from omero_desk.local_servers.server_words import said

SERVER = Path(__file__).parents[2] / "omero_desk" / "server"
REPORTING = {"progress", "_tell"}


class Quoting(QTranslator):
    """Says every text in quotes."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"«{source}»"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def foreign(qapp: QCoreApplication) -> Iterator[None]:
    translator = Quoting()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


REPORTS = (
    "Making the demo images",
    "Making the demo images: a.tif",
    "Filling lab for Ben",
    "The demo library is ready",
    "Reading names for search",
    "The folder could not be looked at: No space left on device",
    "No images in this folder: TIFF and PNG would be shown",
    "Reading images: 1,000 of 12,345 files",
    "Reading images: 0 of 1 file",
    "12,345 files, 1,001 could not be read, 2 missing, 1 place could not be looked at",
    "1 file",
    "2 places could not be looked at",
)


@pytest.mark.parametrize("report", REPORTS)
def test_that_english_reports_stay_as_they_are(report: str) -> None:
    assert said(report) == report


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize("report", REPORTS)
def test_that_every_report_is_translated_with_its_numbers_and_names(report: str) -> None:
    words = said(report)
    assert all(part.startswith("«") and part.endswith("»") for part in re.split("(?<=»), ", words))


@pytest.mark.usefixtures("foreign")
def test_that_each_report_in_the_servers_source_is_known() -> None:
    found = list(literals())
    assert len(found) >= 6
    assert [text for text in found if not said(text).startswith("«")] == []


def literals() -> Iterator[str]:
    """The texts that the server's modules give to their reports, with a number for each value."""
    for module in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) == 2:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in REPORTING and isinstance(node.args[1], ast.Constant | ast.JoinedStr):
                    yield _with_numbers(node.args[1]).replace("of 7", "of 7 files")


def _with_numbers(node: ast.Constant | ast.JoinedStr) -> str:
    parts = [node] if isinstance(node, ast.Constant) else node.values
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


@given(st.text() | st.text(",; .{}files"))
def test_that_no_report_is_too_odd(report: str) -> None:
    assert said(report) == report
