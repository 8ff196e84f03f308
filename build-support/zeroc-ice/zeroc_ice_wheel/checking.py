"""Checks that a wheel is what its name says, and works on this machine."""

from __future__ import annotations

import base64
import csv
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

from zeroc_ice_wheel.release import NAME, PATCHES, UPSTREAM, VERSION, UnavailableError

# A new Python without its site-packages, so that nothing but the wheel can answer. The communicator
# shows that the system has the TLS libraries that the wheel was built for, the identity that bytes which are not UTF-8
# do no harm.
_IMPORT = f"""
import sys
sys.path.insert(0, sys.argv[1])
import Glacier2, Ice
Ice.initialize(["--Ice.Plugin.IceSSL=IceSSL:createIceSSL"]).destroy()
if Ice.stringVersion() != {UPSTREAM!r}:
    sys.exit("this is Ice " + Ice.stringVersion())
if getattr(Ice, "omeroDeskPatches", 0) != {PATCHES} or Ice.stringToIdentity("\\\\377").name != "\\ufffd":
    sys.exit("this is not the Ice with our patches")
"""


def check_wheel(wheel: Path) -> None:
    """Raise UnavailableError unless metadata, the hashes in RECORD and an import all agree.

    That finds a damaged, wrong or unsuitable wheel. It cannot tell who made it: for that, pin its hash.
    """
    try:
        with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as directory:
            check_metadata(archive)
            check_record(archive)
            archive.extractall(directory)
            check_import(directory)
    except (zipfile.BadZipFile, KeyError, OSError) as problem:
        raise UnavailableError(f"it is damaged ({problem})") from problem


def check_metadata(archive: zipfile.ZipFile) -> None:
    """Compare the name and version inside the wheel with what is wanted."""
    metadata = Parser().parsestr(_read(archive, "METADATA").decode("utf-8"))
    if (metadata["Name"], metadata["Version"]) != (NAME, VERSION):
        raise UnavailableError(f"it holds {metadata['Name']} {metadata['Version']}")


def check_record(archive: zipfile.ZipFile) -> None:
    """Compare each file with its hash in RECORD; a file without one is as bad as a wrong one."""
    record = csv.reader(_read(archive, "RECORD").decode("utf-8").splitlines())
    hashes = {name: digest for name, digest, _ in record}
    for name in archive.namelist():
        if name.endswith(("/", ".dist-info/RECORD")):
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).rstrip(b"=")
        if hashes.get(name) != f"sha256={digest.decode()}":
            raise UnavailableError(f"{name} is not what its RECORD says")


def check_import(directory: str) -> None:
    """Import what was unpacked into `directory` in a Python of its own."""
    command = [sys.executable, "-I", "-S", "-c", _IMPORT, directory]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=directory)
    if answer.returncode:
        reason = (answer.stderr.strip().splitlines() or ["the import crashed"])[-1]
        raise UnavailableError(f"it does not import ({reason})")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(f"{NAME.replace('-', '_')}-{VERSION}.dist-info/{name}")
