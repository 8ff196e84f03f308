"""The settings and their file."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.known_server import KnownServer
from omero_desk.system.settings import THEMES, Settings, SettingsFile

words = st.text(st.characters(exclude_categories=["Cs"]))
servers = st.lists(st.builds(KnownServer, words, words, words), max_size=3).map(tuple)
some_bytes = st.binary(max_size=50)
folders = st.lists(words, max_size=3).map(tuple)
all_settings = st.builds(Settings, st.sampled_from(THEMES), servers, some_bytes, st.booleans(), folders)


@given(all_settings)
def test_that_settings_are_read_back_as_they_were_written(settings: Settings) -> None:
    assert Settings.from_json(settings.to_json()) == settings


def test_that_there_are_defaults_without_a_file(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "none").load() == (Settings(), None)


def test_that_a_saved_file_is_loaded_again(tmp_path: Path) -> None:
    settings = Settings("dark", (KnownServer("omero.example.org", "ada", "lab"),), b"\x00geometry", True)
    file = SettingsFile(tmp_path / "config")
    file.save(Settings())
    file.save(settings)
    assert file.load() == (settings, None)
    assert list(file.path.parent.iterdir()) == [file.path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"theme": "purple"}',
        '{"theme": 7}',
        '{"servers": 7}',
        '{"folders": "abc"}',
        '{"servers": [7]}',
        '{"servers": [{"host": "a"}]}',
        '{"geometry": "not base64!"}',
        '{"annotation_column": "yes"}',
    ],
)
def test_that_a_broken_file_gives_defaults_and_is_kept_aside(tmp_path: Path, text: str) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(text)
    settings, problem = file.load()
    assert settings == Settings()
    (aside,) = tmp_path.iterdir()
    assert str(aside) in str(problem)
    assert aside.read_text() == text


def test_that_a_file_that_is_not_text_is_kept_aside_too(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_bytes(b"\xff\xfe\x00")
    assert file.load()[0] == Settings()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"\xff\xfe\x00"]


def test_that_keys_of_a_newer_version_do_no_harm(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(json.dumps({"theme": "light", "colour of the moon": 7}))
    assert file.load() == (Settings("light"), None)


def test_that_a_save_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SettingsFile(tmp_path)
    file.save(Settings("dark"))
    monkeypatch.setattr(os, "fsync", _fail)
    with pytest.raises(OSError, match="disk full"):
        file.save(Settings("light"))
    assert file.load() == (Settings("dark"), None)
    assert len(list(tmp_path.iterdir())) == 1


def _fail(_handle: int) -> None:
    raise OSError("disk full")
