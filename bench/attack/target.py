"""The server that is attacked, its honest people, and the check that it goes on serving them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import Ice
import omero
from omero.clients import BaseClient
from omero.model import TagAnnotationI
from omero.rtypes import rstring

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.server_process import ServerProcess, running_server

SECRET: Final = "a sentence that only its owner reads"
MEMORY_MIB: Final = 2048
"""The most that the server may ever have taken, whatever it is sent."""
PATIENCE_S: Final = 60.0
"""Until an honest person is served; the machine may be busy, a server that hangs stays so."""
PAUSE_S: Final = 0.2
"""Between two guesses that one source may make for a name: a third of omero.security.login_failure_throttle_time."""
logging.getLogger("omero.client").setLevel(logging.ERROR)  # it tells of each session that could not be closed
_CALL_MS: Final = int(PATIENCE_S * 1000)
_PASSWORDS: Final = {"root": "omero"}


class BrokenError(Exception):
    """An attack got what it should not, or others were not served."""


@dataclass
class Target:
    """A server with an owner of secrets, `ada`, and `eve` and `leo`, who are in her private group; leo leads one."""

    server: ServerProcess
    victim: BaseClient
    ids: dict[str, int]
    opened: list[BaseClient] = field(default_factory=list)

    def client(self, user: str = "eve", password: str | None = None) -> BaseClient:
        """Sign in; the name is the password of all but root."""
        client = omero.client(
            self.server.host, self.server.ssl_port, pmap={"Ice.Default.InvocationTimeout": str(_CALL_MS)}
        )
        self.opened.append(client)
        client.createSession(user, _PASSWORDS.get(user, user) if password is None else password)
        return client

    def memory_mib(self) -> tuple[int, int]:
        """Return what the server takes, and the most that it ever took."""
        lines = Path(f"/proc/{self.server.pid}/status").read_text("ascii").splitlines()
        found = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return int(found["VmRSS"]) // 1024, int(found["VmHWM"]) // 1024

    def check(self) -> str:
        """Sign the owner in and let her read; return how long that took and the memory. Raises BrokenError."""
        process = self.server.process
        if process is None or process.poll() is not None:
            raise BrokenError(f"the server has ended with {process.poll() if process else None}")
        started = time.monotonic()
        try:
            client = self.client("ada")
            found = client.sf.getQueryService().get("TagAnnotation", self.ids["tag"])
        except (Ice.Exception, omero.ClientError) as error:
            raise BrokenError(f"nobody is served any more: {type(error).__name__}") from error
        if found.textValue.val != SECRET:
            raise BrokenError("what was kept has been changed")
        took = time.monotonic() - started
        now, most = self.memory_mib()
        if most > MEMORY_MIB:
            raise BrokenError(f"the server took {most} MiB")
        return f"served in {took:.1f} s, {now} MiB, at most {most}"

    def close_clients(self) -> None:
        """Sign everybody out but the victim."""
        for client in self.opened:
            with suppress(Exception):
                client.closeSession()
        self.opened.clear()


@contextmanager
def attacked(folder: Path, *options: str) -> Iterator[Target]:
    """Make a library and serve it."""
    ids = _furnish(folder)
    settings = ("--set", f"omero.security.login_failure_throttle_time={3000 * PAUSE_S:.0f}", *options)
    with running_server(folder, *settings) as server:
        target = Target(server, omero.client(server.host, server.ssl_port), ids)
        target.victim.createSession("root", _PASSWORDS["root"])
        ada = target.client("ada")
        tag = TagAnnotationI()
        tag.textValue = rstring(SECRET)
        ids["tag"] = ada.sf.getUpdateService().saveAndReturnObject(tag).id.val
        target.close_clients()
        try:
            yield target
        finally:
            target.close_clients()
            with suppress(Exception):
                target.victim.closeSession()


def _furnish(folder: Path) -> dict[str, int]:
    store = Store(folder)
    try:
        with store.write() as connection:
            private = create_group(store.schema, connection, "private", "rw----")
            led = create_group(store.schema, connection, "led", "rw----")
            users = {
                name: create_user(
                    store.schema, connection, name, first_name=name, last_name="Lab", groups=[private], password=name
                )
                for name in ("ada", "eve", "leo")
            }
            add_member(store.schema, connection, led, users["leo"], is_leader=True)
    finally:
        store.close()
    return {"private": private, "led": led, **users}


def refused(call: Callable[..., object], *arguments: object) -> str | None:
    """Make a call that should be refused; return the name of the refusal, None where it was answered."""
    try:
        call(*arguments)
    except (Ice.Exception, omero.ClientError) as error:
        return type(error).__name__
    return None
