"""Names of files that servers give, and what may be done with such files."""

from __future__ import annotations

import pytest

from omero_desk.models.annotations.files.endings import may_open, may_preview, safe_name
from omero_desk.models.annotations.files.previews import as_text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\x.txt", "x.txt"),
        (".bashrc", "bashrc"),
        ("a\nb\u202ecod.exe", "a_b_cod.exe"),
        ("con.txt", "file_con.txt"),
        ("", "file_"),
        ("x" * 500 + ".csv", "x" * 120 + ".csv"),
        ('<a href="b">.txt', "_a href=_b__.txt"),
    ],
)
def test_that_a_name_for_the_disk_leads_nowhere_else(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "A.EXE",
        "a.sh",
        "a.bat",
        "a.desktop",
        "a.jar",
        "a.py",
        "a.html",
        "a.docm",
        "a.exe. ",
        "program",
        "x/a.lnk",
    ],
)
def test_that_programs_scripts_and_what_has_no_ending_are_never_opened(name: str) -> None:
    assert not may_open(name)


@pytest.mark.parametrize("name", ["a.pdf", "a.csv", "a.TXT", "a.docx", "a.exe.pdf", "a.tif", "a.png"])
def test_that_documents_and_pictures_are_opened(name: str) -> None:
    assert may_open(name)


def test_that_texts_are_known_by_ending_or_type() -> None:
    assert may_preview("a.csv", "") and may_preview("a", "text/plain")
    assert not may_preview("a.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        ("é <b>x</b>".encode(), "é <b>x</b>"),
        ("é".encode()[:1], ""),
        ("ab é".encode()[:-1], "ab "),
        ("é".encode("latin-1") + b" x", "é x"),
        ("\ufeffa".encode(), "a"),
        ("aé".encode("utf-16"), "aé"),
        (b"GIF\0\1", None),
    ],
)
def test_that_the_beginning_of_a_file_is_shown_as_text_if_it_is_one(content: bytes, text: str | None) -> None:
    assert as_text(content) == text
