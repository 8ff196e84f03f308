"""The whole application, running within a test."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from omero_desk.app import make_application
from omero_desk.desk import Desk
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.system.settings import Settings, SettingsFile
from omero_desk.system.user_folders import Folders
from omero_desk.views.connection.connect_dialog import ConnectDialog
from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.main_window import MainWindow
from tests.support.desk_parts import Bench
from tests.support.present import present
from tests.support.server_process import AT_WORK, ROOT_PASSWORD, ServerProcess, children, work_of

SECONDS = 40
MOST_TIMES = 5
NOTHING = argparse.Namespace(demo=False, folder="", server="", user="", verify=False)
DEMO = argparse.Namespace(demo=True, folder="", server="", user="", verify=False)


async def until(condition: Callable[[], object]) -> None:
    """Let the application run until `condition` holds; as long as its server works, it is waited for."""

    async def hold() -> None:
        while not condition():
            await asyncio.sleep(0.005)

    for _ in range(MOST_TIMES):
        worked = _children_work()
        with contextlib.suppress(asyncio.TimeoutError):
            return await asyncio.wait_for(hold(), SECONDS)
        if _children_work() - worked < SECONDS * AT_WORK:
            break
    raise TimeoutError


def _children_work() -> float:
    """Return the processor's time that the processes have had which this one started, and those that they started."""
    return sum(map(work_of, children()))


class Running:
    """An application that runs; `leave` closes its window and waits until it has ended."""

    def __init__(self, home: Path, options: argparse.Namespace, settings: Settings, problem: str = "") -> None:
        self.home = home
        folders = Folders.under(home)
        theme = Theme(make_application(), ThemeChoice(settings.theme))
        self.window = MainWindow(settings.geometry)
        theme.setParent(self.window)  # else all themes of a run of tests would dress the one application
        self.window.show()
        self.desk = Desk(self.window, theme, folders, SettingsFile(folders.config), settings)
        self.bench = Bench(self.desk.workbench)
        self.task = asyncio.ensure_future(self.desk.run(options, problem))

    async def leave(self) -> None:
        self.window.close()
        await asyncio.wait_for(self.task, SECONDS)

    @property
    def dialog(self) -> ConnectDialog | None:
        return self.window.findChild(ConnectDialog)

    async def dialog_opened(self) -> ConnectDialog:
        await until(lambda: self.dialog is not None and self.dialog.isVisible())
        return present(self.dialog)

    async def sign_in(self, server: ServerProcess) -> None:
        address = f"{server.host}:{server.ssl_port}"
        self.bench.connection.sign_in(SignInForm(address, "root", ROOT_PASSWORD))
        await until(lambda: self.bench.connection.account is not None)

    @property
    def message(self) -> str:
        current = self.bench.messages.current
        return current.text if current is not None else ""

    def texts(self, part: type[QWidget]) -> list[str]:
        labels = present(self.window.findChild(part)).findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]


Start = Callable[..., Running]
