"""A laboratory in a process of its own: what it does to servers must not hold the lock of the desk's process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any

from omero_desk.server.database.store import Store
from tests.faults.laboratory import Laboratory
from tests.faults.proxy import Fault, Moment
from tests.support.library_writer import LibraryWriter


@dataclass(frozen=True)
class Truth:
    """What the database holds: the images' names by dataset, and every text as often as something bears it."""

    names: dict[int, list[str]]
    texts: list[str]
    open_sessions: int


class RemoteLaboratory:
    """What is done to a laboratory from afar. Every method blocks; arguments and answers are pickled."""

    def __init__(self, folder: Path, datasets: int, images: int) -> None:
        self._laboratory = Laboratory(folder)
        _furnish(folder, self._laboratory, datasets, images)
        self._laboratory.__enter__()

    def address(self) -> tuple[str, int]:
        """Host and port of the line that breaks."""
        return self._laboratory.proxy.host, self._laboratory.proxy.port

    def close(self) -> None:
        """End server, proxy and administrator."""
        self._laboratory.__exit__()

    def strike(self, fault: Fault, moment: Moment, after: int, amount: float, seconds: float) -> None:
        """Let a fault strike at a moment; at once if that does not come within `seconds`."""
        proxy = self._laboratory.proxy
        proxy.arm(fault, moment, after=after, amount=amount)
        if not proxy.has_struck(seconds):
            proxy.arm(fault, amount=amount)

    def heal(self) -> None:
        """Let everything pass again."""
        self._laboratory.proxy.heal()

    def kill_server(self) -> None:
        """End the server as a power cut does, and start it again."""
        self._laboratory.proxy.arm(Fault.REFUSE, Moment.NOW)
        self._laboratory.kill()
        self._laboratory.start_again()
        self._laboratory.proxy.heal()

    def kill_session(self, uuid: str) -> None:
        """End a session, whoever shares it."""
        self._laboratory.admin.kill(uuid)

    def let_an_hour_pass(self) -> None:
        """Let every session idle out."""
        self._laboratory.admin.let_an_hour_pass()

    def order_faults(self, orders: str) -> None:
        """Tell the server which of its calls are to fail."""
        self._laboratory.admin.set("desk.faults", orders)

    def open_services(self, uuid: str) -> list[str]:
        """The stateful services that are open in a session."""
        return self._laboratory.admin.open_services(uuid)

    def truth(self) -> Truth:
        """What the database holds."""
        rows = self._laboratory.admin.rows
        names: dict[int, list[str]] = {}
        for dataset, name in rows("select l.parent.id, l.child.name from DatasetImageLink l"):
            names.setdefault(dataset, []).append(name)
        texts = [
            *rows("select l.child.textValue from ImageAnnotationLink l"),
            *rows(
                "select a.textValue from TagAnnotation a where not exists"
                " (select l.id from ImageAnnotationLink l where l.child.id = a.id)"
            ),
            *rows("select i.name from Image i"),
        ]
        ada = self._laboratory.library.ada
        sessions = rows(f"select s.id from Session s where s.closed is null and s.owner.id = {ada}")
        return Truth(names, [text for (text,) in texts], len(sessions))


class _Manager(BaseManager):
    """Starts the process and carries the calls."""

    RemoteLaboratory: Any


_Manager.register("RemoteLaboratory", RemoteLaboratory)


@contextmanager
def remote_laboratory(folder: Path, datasets: int, images: int) -> Iterator[RemoteLaboratory]:
    """A laboratory with so many datasets of so many images; it ends with the context."""
    with _Manager(ctx=get_context("spawn")) as manager:
        laboratory: RemoteLaboratory = manager.RemoteLaboratory(folder, datasets, images)
        try:
            yield laboratory
        finally:
            laboratory.close()


def _furnish(folder: Path, laboratory: Laboratory, datasets: int, images: int) -> None:
    store = Store(folder)
    with store.write() as connection:
        writer = LibraryWriter(store, connection, laboratory.library.ada, laboratory.library.group)
        for dataset in writer.named("Dataset", *(f"Dataset {n}" for n in range(1, datasets + 1))):
            children = writer.named("Image", *(f"Dataset {dataset} Image{n}" for n in range(1, images + 1)))
            writer.link("DatasetImageLink", [dataset] * images, children)
    store.close()
