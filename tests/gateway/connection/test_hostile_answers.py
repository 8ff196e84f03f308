"""What a server may answer to harm a client: texts that are not UTF-8, and texts without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omero_desk.entities.errors import FailedError, GatewayError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection import client as clients
from omero_desk.gateway.connection.client import NO_PINS
from omero_desk.gateway.errors import classify
from omero_desk.gateway.service.manager import ServiceManager
from tests.gateway.conftest import Lab
from tests.support.impostor import HOST, Impostor, failure, forger, impostor, refusal

BAD = b"name\xff\xfe\x80"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Impostor]:
    with impostor(0, tmp_path) as server:
        server.take_over()
        yield server


def error_of_signing_in(server: Impostor, reply: bytes) -> GatewayError:
    """Of a sign-in that is answered with `reply`."""
    request = SignIn(HOST, server.port, "root", "a password")
    client = clients.meet(request, NO_PINS, lambda client: None).client
    server.answers = reply
    with pytest.raises(GatewayError) as caught:
        clients.sign_in(client, request, "")
    clients.destroy(client)
    return caught.value


@pytest.mark.parametrize(("reply", "kind"), [(refusal(BAD), RefusedError), (failure(BAD), FailedError)])
def test_that_a_reason_that_is_not_utf_8_is_only_an_error(
    server: Impostor, reply: bytes, kind: type[GatewayError]
) -> None:
    error = error_of_signing_in(server, reply)
    assert isinstance(error, kind)
    assert "name\ufffd\ufffd\ufffd" in error.detail


@pytest.mark.parametrize("make", [refusal, failure])
def test_that_of_a_text_without_end_the_beginning_is_kept(server: Impostor, make: Callable[[bytes], bytes]) -> None:
    assert 1_000 < len(error_of_signing_in(server, make(b"abcdef01" * 1_000_000)).detail) < 20_000


@pytest.mark.parametrize("claimed", [100, 240_000_000, 2**31 - 1, -1])
def test_that_what_is_compressed_is_never_inflated(server: Impostor, claimed: int) -> None:
    server.compressed_size = claimed
    error = error_of_signing_in(server, b"BZh9 is no such thing: who inflates it fails in another way")
    assert isinstance(error, GatewayError) and not isinstance(error, RefusedError)
    assert any(word in error.detail for word in ("CompressionRatioMax", "MessageSizeMax", "IllegalMessageSize"))


def test_that_of_any_long_text_only_the_beginning_is_kept() -> None:
    assert 1_000 < len(classify(RuntimeError("abcdef01" * 1_000_000)).detail) < 20_000


async def test_that_a_name_that_is_not_utf_8_is_shown_with_replacements(lab: Lab, tmp_path: Path) -> None:
    assert lab.server is not None
    with forger(lab.server.tcp_port, tmp_path, b"\x03Lab", b"\x03L\xff\xfe") as between:
        service = ServiceManager()
        account = await service.sign_in(SignIn(HOST, between.port, "ada", "ada"))
        service.close()
    assert "L\ufffd\ufffd" in str(account)
