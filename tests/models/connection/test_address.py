"""Addresses of servers, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.models.connection.address import DEFAULT_PORT, AddressError, ServerAddress, parse_address

names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?){0,3}", fullmatch=True)
ports = st.integers(1, 65535)


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("omero.example.org", "omero.example.org", DEFAULT_PORT),
        ("  omero.example.org ", "omero.example.org", DEFAULT_PORT),
        ("omero.example.org:14064", "omero.example.org", 14064),
        ("localhost", "localhost", DEFAULT_PORT),
        ("my_server:4064", "my_server", DEFAULT_PORT),
        ("192.168.1.5:4065", "192.168.1.5", 4065),
        ("müller-lab.example", "müller-lab.example", DEFAULT_PORT),
        ("::1", "::1", DEFAULT_PORT),
        ("[::1]", "::1", DEFAULT_PORT),
        ("[2001:db8::7]:14064", "2001:db8::7", 14064),
        ("wss://omero.example.org/omero-ws", "wss://omero.example.org/omero-ws", 443),
        ("wss://omero.example.org:4433/omero-ws", "wss://omero.example.org:4433/omero-ws", 4433),
        ("WS://omero.example.org", "WS://omero.example.org", 80),
    ],
)
def test_that_each_way_to_write_an_address_is_understood(typed: str, host: str, port: int) -> None:
    assert parse_address(typed) == ServerAddress(host, port)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "name of an OMERO server"),
        ("   ", "name of an OMERO server"),
        ("two words", "cannot be the name"),
        ("-omero", "cannot be the name"),
        ("omero..org", "cannot be the name"),
        ("user@omero.example.org", "cannot be the name"),
        ("omero.example.org:", "port"),
        ("omero.example.org:http", "port"),
        ("omero.example.org:0", "port"),
        ("omero.example.org:65536", "port"),
        ("omero.example.org:٤٠٦٤", "port"),
        ("[::1", "IPv6"),
        ("[::1]4064", "IPv6"),
        ("[example.org]:4064", "IPv6"),
        ("1:2:3", "IPv6"),
        ("https://omero.example.org/webclient", "web page"),
        ("ftp://omero.example.org", "ftp://"),
        ("wss://", "no server"),
        ("wss://omero.example.org:port/", "cannot be read"),
        ("wss://ada:secret@omero.example.org/", "their own fields"),
        ("wss://omero example.org/", "spaces"),
    ],
)
def test_that_what_is_no_address_is_refused_with_a_reason(typed: str, word: str) -> None:
    with pytest.raises(AddressError, match=word):
        parse_address(typed)


@given(names, ports)
def test_that_a_name_with_a_port_is_read_back_as_it_is_written(name: str, port: int) -> None:
    address = ServerAddress(name, port)
    assert parse_address(str(address)) == address
    assert parse_address(f"{name}:{port}") == address


@given(st.ip_addresses(v=6), ports)
def test_that_an_ipv6_address_is_read_back_as_it_is_written(ip: object, port: int) -> None:
    address = ServerAddress(str(ip), port)
    assert parse_address(str(address)) == address


@given(names, ports, st.sampled_from(["ws", "wss"]))
def test_that_a_web_socket_is_read_back_whole(name: str, port: int, scheme: str) -> None:
    address = parse_address(f"{scheme}://{name}:{port}/omero-ws")
    assert address.port == port
    assert parse_address(str(address)) == address


@given(st.text())
def test_that_any_text_is_an_address_or_is_refused_in_a_sentence(text: str) -> None:
    try:
        address = parse_address(text)
    except AddressError as error:
        assert str(error).endswith(".") or "“" in str(error)
    else:
        assert address.host and 0 < address.port < 65536
        assert parse_address(str(address)) == address
