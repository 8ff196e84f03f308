"""Where a connection comes from: another computer's address, or the user of this one whose it is."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Final

import Ice

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7


def source_of(connection: Ice.Connection) -> str:
    """Return a text that all connections of one source have in common; "" for one that is gone."""
    try:
        info = connection.getInfo()
    except Ice.Exception:
        return ""
    address = getattr(info, "remoteAddress", "")
    if not is_loopback(address):
        return str(address)
    return user_of(info.remotePort, info.localPort)


def is_loopback(host: str) -> bool:
    """Tell whether an address, or a host's name, is that of this computer to itself."""
    try:
        return ipaddress.ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return host == "localhost"


def user_of(port: int, server_port: int) -> str:
    """Return "user N" for the user whose socket of this computer connects two ports, as Linux tells; else "here"."""
    for table in _TABLES:
        try:
            lines = table.read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if (_port(columns[_LOCAL]), _port(columns[_REMOTE])) == (port, server_port):
                return f"user {columns[_USER]}"
    return "here"


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
