"""Drops line after line while threads send requests on it, HOST PORT PASSWORD TIMES: a mistake ends the process."""

from __future__ import annotations

import sys
import threading
from typing import Any

import Ice

from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection import client as clients
from omero_desk.gateway.connection.connection import Connection


def _send(connection: Connection, started: threading.Event) -> None:
    sent = []
    try:
        service: Any = connection.factory.getConfigService()
        while True:
            sent.append(service.begin_getServerTime())
            started.set()
    except Ice.Exception:
        sys.stdout.write("dropped\n")


def _drop_one(request: SignIn) -> None:
    client = clients.make(request, clients.NO_PINS)
    connection = Connection(request, client, clients.sign_in(client, request, ""))
    started = threading.Event()
    threads = [threading.Thread(target=_send, args=(connection, started)) for _ in range(2)]
    for thread in threads:
        thread.start()
    started.wait()
    connection.abandon()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    for _ in range(int(sys.argv[4])):
        _drop_one(SignIn(sys.argv[1], int(sys.argv[2]), "root", sys.argv[3]))
