"""The log file keeps no secrets, and is nobody else's business."""

import logging
import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.objects import SignIn
from omero_desk.system.logfile import SecretFormatter, redact, start_log

log = logging.getLogger("omero_desk.test")


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield start_log(tmp_path / "log")
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_that_the_log_can_be_read_by_its_owner_only(log_file: Path) -> None:
    old = os.umask(0)
    try:
        log.info("hello")
    finally:
        os.umask(old)
    assert "hello" in log_file.read_text()
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600


def test_that_the_log_is_cut_into_files_of_bounded_number_and_size(log_file: Path) -> None:
    for _ in range(60):
        log.info("x" * 100_000)
    files = list(log_file.parent.iterdir())
    assert 1 < len(files) <= 4
    assert all(file.stat().st_size <= 1_100_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_that_no_secret_reaches_the_log(log_file: Path) -> None:
    session = str(uuid.uuid4())
    request = SignIn("omero.example.org", user="ada", password="hunter2", session=session)
    log.info("request %s", request)
    log.info("joined %s", session)
    log.info("properties password=hunter2 'password': 'hunter2'")
    try:
        raise ValueError(f"No context for {session}, password: hunter2")
    except ValueError:
        log.exception("failed")
    text = log_file.read_text()
    assert "failed" in text and "ada" in text
    assert session not in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("nothing to hide", "nothing to hide"),
        ('{"password": "two words", "user": "ada"}', '{"password": •••, "user": "ada"}'),
        ("the password is wrong", "the password is wrong"),
    ],
)
def test_that_only_secrets_are_left_out(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_that_a_log_with_no_place_is_no_reason_to_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not start_log(tmp_path / "file" / "log").exists()
    assert "cannot be written" in capsys.readouterr().err


def test_that_a_log_that_cannot_be_written_any_more_says_so_once(
    log_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_file.unlink(missing_ok=True)
    log_file.mkdir()
    for _ in range(3):
        log.info("hello")
    assert capsys.readouterr().err.count("cannot be written") == 1


HOSTILE = "gone\n2030-01-01 00:00:00,000 INFO MainThread omero_desk.test: forged\r\x1b[2J\u2028\x85\u202e\ud800"


def test_that_no_text_of_a_server_can_forge_a_record(log_file: Path) -> None:
    log.warning("the server said: %s", HOSTILE)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        log.exception("failed: %s", HOSTILE)
    lines = log_file.read_text(encoding="utf-8").split("\n")
    records = [line for line in lines if line and not line.startswith("  | ")]
    assert len(records) == 2 and all("gone\\n2030" in record for record in records)
    assert [line for line in lines if "forged" in line and line not in records]  # that of the traceback
    assert all(line.isprintable() for line in lines)


@given(st.text(st.characters(codec=None)))
def test_that_any_message_is_one_line_that_can_be_written(text: str) -> None:
    record = logging.LogRecord("omero_desk.test", logging.INFO, "", 0, "%s", (text,), None)
    said = SecretFormatter("%(message)s").format(record)
    assert len(said.splitlines()) <= 1
    said.encode()
