"""The certificates that servers showed before: pinned on first use, since OMERO servers mostly sign their own."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import threading
from pathlib import Path

from omero_desk.gateway.errors import CertificateChangedError

_log = logging.getLogger(__name__)

NONE = "none"
"""Stands for the fingerprint where a server that had a certificate shows none any more."""


class KnownCertificates:
    """Fingerprints by server (as `probe.name` writes it), kept in a file that only its owner may read.

    Usable from any thread; only `check` touches the disk, so it belongs on a worker.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._accepted: dict[str, str] = {}

    def check(self, server: str, presented: str) -> None:
        """Pin what is seen for the first time; raises CertificateChangedError for another than was seen before.

        `presented` is empty for a line without certificates: nothing to pin, but a change where there was one.
        """
        with self._lock:
            known = self._load()
            now = known | self._accepted
            expected = now.get(server)
            if expected is None and presented:
                now[server] = presented
            if now != known:
                self._save(now)
            self._accepted = {}
        if expected is not None and (presented or NONE) != expected:
            raise CertificateChangedError(server, expected, presented or NONE)

    def accept(self, server: str, fingerprint: str) -> None:
        """Take this one from now on: the user said that the change is right. Written with the next `check`."""
        with self._lock:
            self._accepted[server] = fingerprint

    def _load(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("the known certificates cannot be read: %s", error)
            return {}
        if not isinstance(content, dict):
            return {}
        return {server: known for server, known in content.items() if isinstance(known, str)}

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


def fingerprint(pem: str) -> str:
    """SHA-256 of a certificate in PEM, as browsers write it: AB:CD:…

    Ice writes TRUSTED CERTIFICATE where Python's ssl module insists on CERTIFICATE: what is between is the same.
    """
    body = "".join(line for line in pem.split("\n") if not line.startswith("-----"))
    digest = hashlib.sha256(base64.b64decode(body)).hexdigest().upper()
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
