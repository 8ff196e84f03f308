"""The signs of severity follow a theme that is switched while they are in sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from omero_desk.models.messages import Severity
from omero_desk.views.theme.theme import dress
from omero_desk.views.theme.tokens import DARK, LIGHT
from omero_desk.views.widgets.banner import Banner
from tests.support.dressed import as_before


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    with as_before(qapp):
        dress(qapp, LIGHT)
        yield


def shown(qtbot: QtBot, severity: Severity) -> Banner:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.set_severity(severity)
    banner.resize(200, 60)
    banner.show()
    return banner


def picture(banner: Banner) -> QImage:
    return banner.grab().toImage()


@pytest.mark.parametrize("severity", Severity)
def test_that_a_banner_looks_after_a_switch_as_one_that_is_made_then(
    qtbot: QtBot, qapp: QApplication, severity: Severity
) -> None:
    banner = shown(qtbot, severity)
    before = picture(banner)
    dress(qapp, DARK)
    qtbot.waitUntil(lambda: picture(banner) == picture(shown(qtbot, severity)))
    assert picture(banner) != before
    dress(qapp, LIGHT)
    qtbot.waitUntil(lambda: picture(banner) == before)
