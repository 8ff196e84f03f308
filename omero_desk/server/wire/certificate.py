"""The server's self-signed certificate, kept with the library so that clients meet the same one again."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FILE_NAME = "server.pem"
_VALID = timedelta(days=3650)
_RENEW_BEFORE = timedelta(days=30)


def ensure_certificate(folder: Path) -> Path:
    """Return the path of a PEM file in `folder` with key and certificate, made anew if there is no good one."""
    path = folder / FILE_NAME
    if not _is_good(path):
        _write_private(path, _make())
    return path


def _is_good(path: Path) -> bool:
    """Tell whether the file can be read, holds both parts and is not running out."""
    try:
        content = path.read_bytes()
        serialization.load_pem_private_key(content, None)
        loaded = x509.load_pem_x509_certificate(content)
    except (OSError, ValueError):
        return False
    return loaded.not_valid_after_utc - _RENEW_BEFORE > datetime.now(UTC)


def _make() -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OMERO Desk library")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("::1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + signed.public_bytes(pem)


def _write_private(path: Path, content: bytes) -> None:
    """Write `content` so that nobody else could read it at any moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
