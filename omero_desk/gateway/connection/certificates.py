"""The certificates that servers showed before: pinned on first use, since OMERO servers mostly sign their own."""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path

from omero_desk.entities.errors import CertificateChangedError, CertificateForgottenError, RefusedError
from omero_desk.entities.sentences import Sentence, mark

_log = logging.getLogger(__name__)

NONE = "none"
"""Stands for the fingerprint of a server that shows no certificate."""


class KnownCertificates:
    """Fingerprints by server (as `probe.name` writes it), kept in a file that only its owner may read.

    A damaged file is put aside under another name. As long as it lies there, a server that is not in the new file is
    asked about, since it may have been in the old one.

    Usable from any thread; only `expected` and `check` touch the disk, so they belong on a worker.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._damaged = path.with_name(f"{path.name}.damaged")
        self._lock = threading.Lock()
        self._accepted: dict[str, str] = {}
        self._problem: Sentence | None = None
        self._has_told = False

    def expected(self, server: str) -> str:
        """Return the fingerprint that the server has to show, "" where none is known.

        Raises RefusedError where the file cannot be read.
        """
        with self._lock:
            expected = (self._load() | self._accepted).get(server, NONE)
        return "" if expected == NONE else expected

    def check(self, server: str, presented: str) -> bool:
        """Pin what is seen for the first time; return True if that is a server without a certificate.

        `presented` is empty for a connection without certificates. That is remembered too, and a certificate that
        comes later is pinned; but it is a change where there was one.

        Raises CertificateChangedError for another certificate than was seen before, CertificateForgottenError for a
        server that may have been in a damaged file, and RefusedError where the file cannot be read.
        """
        presented = presented or NONE
        with self._lock:
            known = self._load()
            now = known | self._accepted
            expected = now.get(server)
            if expected is None and self._damaged.exists():
                raise CertificateForgottenError(server, presented, str(self._damaged))
            if expected in (None, NONE):
                now[server] = presented
            if server in self._accepted and server in known:
                now.setdefault(_first(server), known[server])
            if now != known:
                self._save(now)
            self._accepted = {}
        if expected not in (None, NONE, presented):
            raise CertificateChangedError(server, expected, presented)
        return expected is None and presented == NONE

    def first(self, server: str, presented: str) -> str:
        """Return the fingerprint that a server showed before the user accepted others in its place.

        It is `presented` for a server that has shown one alone. What belongs to an account is kept by it, so that a
        certificate that is renewed makes no stranger of a server.
        """
        with self._lock:
            return self._load().get(_first(server), presented)

    def accept(self, server: str, fingerprint: str) -> None:
        """Take this one from now on: the user said that the change is right. Written with the next `check`."""
        with self._lock:
            self._accepted[server] = fingerprint

    def _load(self) -> dict[str, str]:
        try:
            return self._read()
        except OSError as error:
            text = mark(
                "Connection",
                "OMERO Desk cannot read which certificates it knows, so it cannot tell a server from another that"
                " answers in its place. Make {file} readable, or move it away.",
            )
            raise RefusedError(text, str(error), file=str(self._path)) from error

    def _read(self) -> dict[str, str]:
        try:
            return _parsed(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            _log.warning("the known certificates are damaged, and put aside as %s: %s", self._damaged, error)
            self._path.replace(self._damaged)
            return {}

    def _save(self, known: dict[str, str]) -> None:
        """Write aside and rename, so that the file is whole at every moment."""
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(known, file, indent=1, sort_keys=True)
            beside.replace(self._path)
        except OSError as error:
            _log.warning("the known certificates cannot be written: %s", error)
            text = mark(
                "Connection",
                "OMERO Desk cannot write down which certificate a server shows, so after the next start it cannot tell"
                " the server from another that answers in its place. Make {file} writable.",
            )
            self._problem = Sentence.of(text, file=str(self._path))

    def news(self) -> Sentence | None:
        """Return what the user should know about the file, once; None if there is nothing to say."""
        with self._lock:
            problem = None if self._has_told else self._problem
            self._has_told = self._has_told or problem is not None
            return problem


def _first(server: str) -> str:
    """Return the name under which the file has the first certificate of a server; no address has a blank."""
    return f"{server} first"


def _parsed(content: bytes) -> dict[str, str]:
    """Return what the file holds; ValueError unless it is names with fingerprints."""
    known = json.loads(content)
    if not isinstance(known, dict) or not all(isinstance(value, str) for value in known.values()):
        raise ValueError("not names with fingerprints")
    return known
