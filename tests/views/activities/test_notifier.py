"""Notifications of the desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from omero_desk.models.activities import ActivitiesModel
from omero_desk.views.activities.notifier import EndNotices, PortalNotifier
from tests.support.present import present

SEND = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from omero_desk.views.activities.notifier import PortalNotifier
application = QCoreApplication(sys.argv)
notifier = PortalNotifier()
assert notifier.notify("activity-1", "Saved a.tif", "<b>/home</b>")
QTimer.singleShot(0, application.quit)
application.exec()
"""


class Notes:
    """What would have been shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def notify(self, identity: str, title: str, text: str) -> None:
        self.shown.append((title, text))


@pytest.mark.parametrize(
    ("seconds", "in_front", "told"), [(31.0, False, True), (31.0, True, False), (29.0, False, False)]
)
def test_that_only_the_end_of_what_took_long_is_told_to_who_looks_elsewhere(
    qtbot: QtBot, seconds: float, in_front: bool, told: bool
) -> None:
    now = [0.0]
    model, notes = ActivitiesModel(clock=lambda: now[0]), Notes()
    EndNotices(model, lambda: in_front, notes, model)
    number = model.begin("export", "Saving a.tif")
    now[0] = seconds
    model.finish(number, "Saved a.tif", "/home")
    assert notes.shown == ([("Saved a.tif", "/home")] if told else [])


def test_that_what_the_user_cancelled_is_not_told(qtbot: QtBot) -> None:
    now = [0.0]
    model, notes = ActivitiesModel(clock=lambda: now[0]), Notes()
    EndNotices(model, lambda: False, notes, model)
    number = model.begin("export", "Saving a.tif")
    now[0] = 60.0
    model.cancelled(number)
    assert notes.shown == []


def test_that_nothing_happens_without_a_bus(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not PortalNotifier().notify("activity-1", "Saved a.tif", "/home")


@pytest.mark.skipif(not shutil.which("dbus-daemon") or not shutil.which("dbus-monitor"), reason="needs a D-Bus")
def test_that_the_portal_gets_the_words() -> None:
    daemon = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(daemon, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        address = present(bus.stdout).readline().strip()
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
        monitor = ["dbus-monitor", "--address", address]
        with subprocess.Popen(monitor, stdout=subprocess.PIPE, text=True, env=environment) as seen:
            lines = present(seen.stdout)
            lines.readline()  # it listens from here on
            subprocess.run([sys.executable, "-c", SEND], env=environment, timeout=60, check=True)
            bus.terminate()
            told = lines.read()
    assert "member=AddNotification" in told
    assert 'string "Saved a.tif"' in told
    assert 'string "<b>/home</b>"' in told
