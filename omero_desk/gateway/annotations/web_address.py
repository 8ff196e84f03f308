"""The place of the OMERO.web that belongs to a server, as the server tells its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_KEY: Final = "omero.client.web.host"
"""The setting of OMERO.server for the absolute address of its OMERO.web, with any prefix."""
_LONGEST: Final = 500


def web_address(session: LaneSession) -> str:
    """Return the address without a slash at its end, "" where none is set or it is none of the web. One round trip."""
    told = session.gateway.getConfigService().getClientConfigValues(session.everywhere)
    return checked(shown(told.get(_KEY)))


def checked(address: str) -> str:
    """Return an address as links may begin with it, "" for what is no address of the web."""
    try:
        parts = urlsplit(address.strip())
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    is_plain = address.isascii() and address.strip().isprintable() and not set(address.strip()) & set(' "<>\\')
    if not is_one or not is_plain or parts.username or parts.query or parts.fragment or len(address) > _LONGEST:
        return ""
    return address.strip().rstrip("/")
