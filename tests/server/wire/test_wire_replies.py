"""Replies are checked against Slice before they leave the server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import Ice
import omero
import omero.model
import pytest
from omero.rtypes import rint, rlong, rstring

from omero_desk.server.wire.dispatch import servant
from omero_desk.server.wire.refusals import operations, served_interfaces
from omero_desk.server.wire.replies import reply_check


class Configured:
    """A service that answers IConfig with whatever it was given."""

    reply: Any = None

    def getConfigValues(self, call: Any, pattern: str) -> Any:
        return self.reply

    def getServerTime(self, call: Any) -> Any:
        return self.reply


@pytest.fixture
def asked() -> Iterator[tuple[Configured, Any]]:
    """The service, and a proxy of it over a socket."""
    data = Ice.InitializationData()
    data.properties = Ice.createProperties()
    communicator = Ice.initialize(data)
    adapter = communicator.createObjectAdapterWithEndpoints("replies", "tcp -h 127.0.0.1")
    service = Configured()
    proxy = adapter.addWithUUID(servant(omero.api.IConfig, service, lambda current: None))
    adapter.activate()
    try:
        yield service, omero.api.IConfigPrx.uncheckedCast(communicator.stringToProxy(str(proxy)))
    finally:
        communicator.destroy()


@pytest.mark.parametrize("reply", [{"a": 7}, {7: "a"}, [], "text", 1.5])
def test_that_a_reply_of_a_wrong_type_is_an_error_that_names_the_operation(
    asked: tuple[Configured, Any], reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service, proxy = asked
    service.reply = reply
    with caplog.at_level(logging.ERROR), pytest.raises(omero.InternalException) as refused:
        proxy.getConfigValues("x")
    assert "IConfig.getConfigValues" in refused.value.message
    assert "Traceback" not in refused.value.message
    assert "IConfig.getConfigValues failed" in caplog.text
    service.reply = {"a": "b"}
    assert proxy.getConfigValues("x") == {"a": "b"}


def test_that_an_object_of_another_class_is_an_error(asked: tuple[Configured, Any]) -> None:
    service, proxy = asked
    service.reply = rstring("noon")
    with pytest.raises(omero.InternalException):
        proxy.getServerTime()


def test_that_every_operation_has_a_check_that_some_value_fails() -> None:
    unchecked = [
        f"{interface.__name__}.{operation}"
        for interface in served_interfaces().values()
        for operation in operations(interface)
        if reply_check(interface, operation)(object())
    ]
    assert unchecked == []


@pytest.mark.parametrize(
    ("interface", "operation", "good", "bad"),
    [
        ("IQuery", "projection", [[rint(1)], [None]], [[1]]),
        ("IQuery", "findAllByQuery", [omero.model.ImageI(), None], [rint(1)]),
        ("IAdmin", "createGroup", 2**40, 2**64),
        ("IAdmin", "getEventContext", omero.sys.EventContext(), omero.sys.Roles()),
        ("ISession", "getReferenceCount", 3, 2**40),
        ("ISession", "closeSession", -2, None),
        ("IMetadata", "loadTagContent", {1: [omero.model.ImageI()]}, {"1": []}),
        ("IPixels", "createImage", rlong(1), 1),
        ("IUpdate", "saveObject", None, omero.model.ImageI()),
        ("RawPixelsStore", "getPlane", b"bytes", "text"),
    ],
)
def test_that_replies_are_told_apart(interface: str, operation: str, good: Any, bad: Any) -> None:
    check = reply_check(getattr(omero.api, interface), operation)
    assert check(good)
    assert not check(bad)


def test_that_the_members_of_the_apis_own_classes_are_looked_at() -> None:
    check = reply_check(omero.api.IAdmin, "getEventContext")
    context: Any = omero.sys.EventContext()
    assert check(context)
    context.shareId = None
    assert not check(context)


def test_that_a_null_where_a_value_is_needed_is_the_senders_error(
    asked: tuple[Configured, Any], caplog: pytest.LogCaptureFixture
) -> None:
    service, proxy = asked
    service.getConfigValues = lambda call, pattern: call.name  # type: ignore[method-assign]  # the call is None here
    with caplog.at_level(logging.ERROR), pytest.raises(omero.ApiUsageException, match="null was sent"):
        proxy.getConfigValues("x")
    assert "IConfig.getConfigValues failed" in caplog.text
