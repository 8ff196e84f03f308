"""A server's address as people type it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import urlsplit

from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate

DEFAULT_PORT: Final = 4064
_WEB_SOCKET_PORTS: Final = {"ws": 80, "wss": 443}
_NAME = re.compile(r"(?=.{1,253}\Z)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.?\Z")
_BRACKETED = re.compile(r"\[([^\]]*)\](?::(.*))?\Z")


class AddressError(ValueError):
    """The text is no address; the message says why, in a sentence for the user."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """`host` is a name, an IP address without brackets, or a whole ws:// or wss:// URL."""

    host: str
    port: int = DEFAULT_PORT

    @property
    def is_web_socket(self) -> bool:
        """True if the host is a URL, which holds the port as well."""
        return "://" in self.host

    def __str__(self) -> str:
        """The shortest text that `parse_address` reads back."""
        if self.is_web_socket:
            return self.host
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT else f"{host}:{self.port}"


def parse_address(text: str) -> ServerAddress:
    """Read host, host:port, [IPv6], [IPv6]:port, a bare IPv6 address, or a ws:// or wss:// URL.

    Raises AddressError.
    """
    text = text.strip()
    if not text:
        raise AddressError(translate("Connection", "Type the name of an OMERO server."))
    if "://" in text:
        return _parse_url(text)
    if text.startswith("["):
        return _parse_bracketed(text)
    if text.count(":") > 1:
        return ServerAddress(_ipv6(text))
    host, colon, port = text.partition(":")
    return ServerAddress(_name(host), _port(port) if colon else DEFAULT_PORT)


def _parse_url(text: str) -> ServerAddress:
    scheme = text.partition("://")[0].lower()
    if scheme in ("http", "https"):
        text = translate(
            "Connection",
            "That is a web page's address. Type the server's name, or ws:// or wss:// for a web socket.",
        )
        raise AddressError(text)
    if scheme not in _WEB_SOCKET_PORTS:
        text = translate("Connection", "{scheme}:// is not known. Type a name, or an address with ws:// or wss://.")
        raise AddressError(text.format(scheme=scheme))
    if any(char.isspace() or not char.isprintable() for char in text):
        raise AddressError(translate("Connection", "A web socket address has no spaces in it."))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        why = translate("Connection", "That web socket address cannot be read: {reason}.")
        raise AddressError(why.format(reason=error)) from error
    if not host:
        raise AddressError(translate("Connection", "That web socket address has no server in it."))
    if "@" in parts.netloc:
        why = translate("Connection", "Type the user and the password in their own fields, not in the address.")
        raise AddressError(why)
    return ServerAddress(text, _WEB_SOCKET_PORTS[scheme] if port is None else port)


def _parse_bracketed(text: str) -> ServerAddress:
    match = _BRACKETED.match(text)
    if match is None:
        raise AddressError(translate("Connection", "An IPv6 address looks like [::1] or [::1]:4064."))
    host, port = match.groups()
    return ServerAddress(_ipv6(host), DEFAULT_PORT if port is None else _port(port))


def _ipv6(text: str) -> str:
    try:
        IPv6Address(text)
    except AddressValueError as error:
        why = translate("Connection", "{text} is no server's name and no IPv6 address.")
        raise AddressError(why.format(text=shortened(text))) from error
    return text


def _name(text: str) -> str:
    if not _NAME.match(text):
        raise AddressError(
            translate("Connection", "“{text}” cannot be the name of a server.").format(text=shortened(text))
        )
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        why = translate("Connection", "The port is a number from 1 to 65535, not “{text}”.")
        raise AddressError(why.format(text=shortened(text)))
    return int(text)
