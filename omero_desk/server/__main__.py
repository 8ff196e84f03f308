"""`python -m omero_desk.server`: an OMERO server for one library, in a process of its own.

When it is ready it writes one line of JSON to stdout: host, ssl_port, tcp_port, pid (ws_port and wss_port if wanted).
For a folder's library it names user and password_file too. While the demo library is made, and whenever a folder's
library has got new rows, it writes lines {"progress": 0..1, "message": "..."} to stderr. What is meant for people is
plain text on stderr. It ends on SIGTERM, on SIGINT, and when the process that started it goes away.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import logging.handlers
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import Ice

from omero_desk.server import demo, hql
from omero_desk.server.backend import Backend
from omero_desk.server.database.library_file import StoreError
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.imports import discard_unfinished
from omero_desk.server.folder.library import FolderLibrary
from omero_desk.server.folder.places import NoFolderError, usual_data
from omero_desk.server.privacy import DiscreetFormatter, close_to_others
from omero_desk.server.process import AlreadyServedError, FolderLock, Lifeline, StoppedError
from omero_desk.server.rendering.lut_files import enter_luts
from omero_desk.server.search import parser as search_parser
from omero_desk.server.search.background import filling
from omero_desk.server.servants.service_factory import ServiceFactoryService
from omero_desk.server.welcome import Welcome, welcome_in_private, welcome_to_all, welcome_to_folder
from omero_desk.server.wire.certificate import ensure_certificate
from omero_desk.server.wire.endpoint import (
    SSL_PORT,
    Address,
    Endpoint,
    PortTakenError,
    UnpatchedIceError,
    require_patches,
)
from omero_desk.server.wire.source import is_loopback

_SWEEP_S = 1.0
_LOG_BYTES = 2_000_000
_TOLD = (
    *(AlreadyServedError, NoFolderError, PortTakenError, StoreError, UnpatchedIceError),
    *(OSError, ValueError, Ice.Exception),
)
"""What can be wrong with what the server was started with, or on."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until it is stopped; return the exit code, 1 after one line that says what is wrong."""
    os.umask(0o077)  # what the server makes is for its user's eyes only
    lifeline = Lifeline()
    options = _parse(arguments)
    try:
        require_patches()
        _serve(options, lifeline)
    except StoppedError:
        return 0
    except _TOLD as error:
        _tell(f"omero_desk.server: {_in_words(error)}")
        return 1
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m omero_desk.server", description="An OMERO server for one library.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the library's folder, made if missing")
    parser.add_argument(
        "--demo", action="store_true", help="fill an empty library with the demo (user demo, password demo)"
    )
    parser.add_argument(
        "--private",
        action="store_true",
        help="no passwords that everybody knows: a made-up one in their place, kept in the library's file 'password'",
    )
    parser.add_argument("--folder", type=Path, metavar="PATH", help="serve the images in a folder of yours, in place")
    parser.add_argument("--password", metavar="TEXT", help="for --folder: your password, in place of a made-up one")
    parser.add_argument("--libraries", type=Path, metavar="DIR", help="for --folder: where such libraries are kept")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; others than loopback open it to the network"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=SSL_PORT,
        metavar="N",
        help=f"ssl, {SSL_PORT} by default, 0 for any; tcp takes N-1 if that is free, else any",
    )
    parser.add_argument("--ws-port", type=int, metavar="N", help="web sockets too, 0 for any")
    parser.add_argument("--wss-port", type=int, metavar="N", help="web sockets over TLS too, 0 for any")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting, such as omero.sessions.timeout=600000",
    )
    return parser.parse_args(arguments)


def _serve(options: argparse.Namespace, lifeline: Lifeline) -> None:
    settings = _settings(options.set)
    of_folder = FolderLibrary.of(options.folder, options.data, options.libraries) if options.folder else None
    data = of_folder.data if of_folder else options.data or usual_data("demo" if options.demo else "library")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    close_to_others(data)
    lock = FolderLock(data)
    _log_to(data / "server.log")
    store = of_folder.open(options.password) if of_folder else Store(data)
    try:
        if options.demo:
            _fill(store, data, lifeline)
        if of_folder:
            welcome = welcome_to_folder(store, of_folder, options.private)
        elif options.private:
            welcome = welcome_in_private(store, options.demo)
        else:
            welcome = welcome_to_all(store, options.demo, None if is_loopback(options.host) else options.host)
        _answer(options, settings, store, lifeline, of_folder, welcome)
    finally:
        store.close()
        lock.release()


def _fill(store: Store, folder: Path, lifeline: Lifeline) -> None:
    def progress(done: float, message: str) -> None:
        lifeline.check()
        _tell_progress(done, message)

    demo.fill(store, folder, progress)


def _answer(
    options: argparse.Namespace,
    settings: Mapping[str, str],
    store: Store,
    lifeline: Lifeline,
    of_folder: FolderLibrary | None,
    welcome: Welcome,
) -> None:
    enter_luts(store)
    backend = Backend(store, settings, of_folder.repository if of_folder else None)
    if welcome.told:  # to a program whose user will look at images as soon as the server is ready
        backend.readers.warm_up()
    discard_unfinished(backend)
    address = Address(options.host, options.port, ws_port=options.ws_port, wss_port=options.wss_port)
    endpoint = Endpoint(backend, ServiceFactoryService(backend), address, ensure_certificate(store.folder))
    if "omero.router.insecure" not in settings:
        insecure = f"OMERO.Glacier2/router:tcp -p {endpoint.ports['tcp']} -h @omero.host@"
        backend.configuration.set("omero.router.insecure", insecure)
    _warn_if_open(options.host)
    hql.warm_up()
    search_parser.warm_up()
    gc.collect()
    gc.freeze()
    endpoint.open()
    keeping = of_folder.kept(backend, _tell_progress) if of_folder else nullcontext("")
    with keeping, filling(store, _tell_progress):
        _announce(options.host, endpoint, welcome)
        try:
            lifeline.wait(endpoint.sweep, _SWEEP_S)
        finally:
            backend.readers.close()
            endpoint.close()


def _announce(host: str, endpoint: Endpoint, welcome: Welcome) -> None:
    """Say that the server is ready, to the program that started it and to people."""
    ports = {f"{kind}_port": port for kind, port in endpoint.ports.items()}
    sys.stdout.write(json.dumps({"host": host, **ports, "pid": os.getpid(), **welcome.told}) + "\n")
    sys.stdout.flush()
    for line in welcome.lines:
        _tell(line)


def _tell_progress(done: float, message: str) -> None:
    _tell(json.dumps({"progress": round(done, 4), "message": message}))


def _settings(pairs: Sequence[str]) -> dict[str, str]:
    settings = dict(pair.partition("=")[::2] for pair in pairs)
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ValueError(f"--set wants KEY=VALUE, not {wrong[0]!r}.")
    return settings


def _warn_if_open(host: str) -> None:
    """Say what listening on the network means."""
    if not is_loopback(host):
        _tell(
            f"omero_desk.server: listening on {host}: everyone who can reach this computer over the network may try to "
            "sign in. Change root's password first, and let only people in whom you trust with this library."
        )


def _in_words(error: BaseException) -> str:
    if isinstance(error, Ice.DNSException):
        return f"Cannot listen on {error.host}: no such address on this computer."
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def _log_to(path: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
