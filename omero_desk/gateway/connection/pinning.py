"""Holds Ice to one certificate, in every handshake: Ice connects again by itself, to whoever answers."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import Ice

from omero_desk.entities.sentences import Sentence, mark

PROPERTY = "OmeroDesk.PinnedCertificates"
"""The fingerprints that a peer may have; see build-support/zeroc-ice."""

ANONYMOUS = "ALL:+aNULL:@SECLEVEL=0"
"""OpenSSL's names for the usual ciphers and, last, those without a certificate, which many an OMERO server has."""


@dataclass(frozen=True)
class ServerCertificate:
    """The certificate that a server has to show: its SHA-256 `fingerprint`, and the whole in PEM where it was seen."""

    fingerprint: str
    pem: str = ""

    @classmethod
    def of(cls, pem: str) -> ServerCertificate:
        """Return a certificate that was shown."""
        return cls(fingerprint(pem), pem)


def is_patched() -> bool:
    """Return whether this is the Ice that OMERO Desk builds, which compares fingerprints and bears any text."""
    return getattr(Ice, "omeroDeskPatches", 0) >= 1


def problem() -> Sentence | None:
    """Return what is wrong with the installed Ice, None if it is ours."""
    if is_patched():
        return None
    text = mark(
        "Connection",
        "This is not the Ice that OMERO Desk builds: a server can end the program with a text, and not every server is"
        " told from another that answers in its place. Install OMERO Desk anew with ./run.",
    )
    return Sentence(text)


@contextmanager
def pinned(certificate: ServerCertificate | None, verify: bool) -> Iterator[dict[str, str]]:
    """Yield the properties that hold a communicator to `certificate`; they count if it is made within the `with`.

    Only where no certificate is known does it offer to do without one.

    Another Ice than ours is given the certificate as the only authority that it trusts, which works where the server
    signed it itself. With `verify` such an Ice holds to the authorities of the system as it is.
    """
    if certificate is None:
        yield {} if verify else {"IceSSL.Ciphers": ANONYMOUS}
    elif is_patched():
        yield {PROPERTY: certificate.fingerprint}
    elif certificate.pem and not verify:
        with tempfile.TemporaryDirectory(prefix="omero-desk-") as folder:
            authority = Path(folder, "server.pem")
            authority.write_text(certificate.pem, encoding="ascii")
            yield {"IceSSL.VerifyPeer": "2", "IceSSL.CAs": str(authority)}
    else:
        yield {}


def is_held(certificate: ServerCertificate | None, verify: bool) -> bool:
    """Return whether a communicator made with `pinned(certificate, verify)` refuses everybody else."""
    return certificate is not None and (is_patched() or verify or bool(certificate.pem))


def fingerprint(pem: str) -> str:
    """SHA-256 of a certificate in PEM, as browsers write it: AB:CD:…

    Ice writes TRUSTED CERTIFICATE where Python's ssl module insists on CERTIFICATE: what is between is the same.
    """
    body = "".join(line for line in pem.split("\n") if not line.startswith("-----"))
    digest = hashlib.sha256(base64.b64decode(body)).hexdigest().upper()
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
