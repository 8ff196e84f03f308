"""A window on a server with tables, signed in as ada."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Ref
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.exports.exports import ExportsModel
from omero_desk.views.exports.part import ExportsPart
from omero_desk.views.tables.part import TablesPart
from omero_desk.views.tables.table_panel import TablePanel
from omero_desk.views.window.main_window import MainWindow
from tests.support.bare_desk import BareDesk
from tests.support.plate_library import PlateLab
from tests.support.present import present
from tests.support.running_desk import until


class TableDesk:
    """The window, with hands to open tables."""

    def __init__(self, lab: PlateLab) -> None:
        self.lab = lab
        self.desk = BareDesk()
        self.part = self.desk.workbench.part(TablesPart)
        self.exports: ExportsModel = self.desk.workbench.part(ExportsPart).model
        self.selection = self.part._shared.selection
        self.messages = self.desk.workbench.messages

    @property
    def window(self) -> MainWindow:
        return self.desk.window

    @property
    def tabs(self) -> list[str]:
        centre = self.part._centre
        return [centre.name_of(index) for index in range(1, centre.count())]

    async def open(self, file_id: int, about: Ref, name: str = "table") -> TablePanel:
        """Open a table, and wait until it can be seen or cannot be opened."""
        panel = self.part.open_table(StoredFile(file_id, name, None, TABLE), about)
        await until(lambda: not panel.table.doing)
        await self.settled(panel)
        return panel

    async def settled(self, panel: TablePanel) -> None:
        """Wait until all that is in sight was read."""
        grid = panel.grid
        await until(lambda: not (panel.table.doing or grid._rest.isActive() or panel.table.rows.is_reading))

    def calls(self, method: str) -> int:
        """How many calls of a function of the gateway there were."""
        return sum(record.method == method for record in self.desk.service.journal.records)

    def is_busy(self, lane: Lane) -> bool:
        """Whether something runs on a lane."""
        return any(one.lane is lane and one.running is not None for one in self.desk.service.lanes)

    @property
    def toast(self) -> str:
        return present(self.messages.toast).text if self.messages.toast else ""


@asynccontextmanager
async def table_desk(lab: PlateLab) -> AsyncIterator[TableDesk]:
    """A window that is shown and signed in."""
    desk = TableDesk(lab)
    server = present(lab.server)
    desk.window.resize(1200, 760)
    desk.window.show()
    desk.desk.workbench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(lambda: desk.desk.workbench.connection.account is not None)
    yield desk
    await desk.desk.close()
