"""Every operation of every interface answers, and nothing that arrives harms the server."""

from __future__ import annotations

import inspect
import itertools
import os
import socket
import ssl
import struct
from typing import Any

import Ice
import omero
import omero.cmd
import pytest
from omero.rtypes import rstring

from omero_desk.server.servants import STATEFUL, STATELESS
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.servants.service_factory import _CREATORS, _GETTERS
from omero_desk.server.wire.refusals import operations, served_interfaces
from tests.server.conftest import Connect, Lab

_ENDS_THE_SERVICE = {"close", "destroy", "changePassword"}  # the last one keeps root out by a null
ANSWERS = (omero.ServerError, Ice.UnknownUserException, Ice.UnknownLocalException)


def call(proxy: Any, operation: str) -> Any:
    """Call an operation with the first arguments that Slice lets through: nulls, zeros, enumerators."""
    invoke = getattr(proxy, operation, None) or getattr(proxy, f"_{operation}")  # `and` is no name in Python
    wanted = len(inspect.signature(invoke).parameters) - 1
    enumerators = [kind.valueOf(0) for kind in (omero.constants.projection.ProjectionType,)]
    for arguments in itertools.product([None, 0, *enumerators], repeat=wanted):
        try:
            return invoke(*arguments)
        except (ValueError, TypeError, AttributeError):
            continue
    raise AssertionError(f"no arguments fit {operation}")


def test_that_every_operation_of_every_service_answers(connect: Connect) -> None:
    client = connect("root", "omero")
    factory = client.getSession()
    asked = 0
    for opener, name in {**_GETTERS, **_CREATORS}.items():
        interface = served_interfaces()[name]
        for operation in operations(interface):
            if operation in _ENDS_THE_SERVICE:
                continue
            proxy = getattr(factory, opener)().ice_invocationTimeout(5000)
            service = {**STATELESS, **STATEFUL}.get(name, StatefulService if opener in _CREATORS else object)
            written = hasattr(service, operation)
            try:
                call(proxy, operation)
                assert written, f"{name}.{operation} was answered and not refused"
            except ANSWERS as answer:
                refused = f"{interface.__name__}.{operation} is not available on this server." in str(answer)
                assert refused is not written, f"{name}.{operation}: {answer}"
            asked += 1
    assert asked > 400


def test_that_no_interface_has_an_operation_without_an_answer() -> None:
    interfaces = served_interfaces()
    assert len(interfaces) > 35
    for interface in interfaces.values():
        assert operations(interface)


def test_that_an_error_nobody_foresaw_is_told_without_a_traceback(connect: Connect) -> None:
    admin = connect("ada").getSession().getAdminService()
    with pytest.raises(omero.ApiUsageException) as refused:
        admin.canUpdate(None)
    assert "Traceback" not in str(refused.value)
    assert refused.value.serverExceptionClass == "ome.conditions.ApiUsageException"


def test_that_unknown_services_are_named(connect: Connect) -> None:
    factory = connect("ada").getSession()
    for open_service in (factory.getByName, factory.createByName):
        with pytest.raises(omero.ApiUsageException, match=r"omero\.api\.Nonsense is an unknown service"):
            open_service("omero.api.Nonsense")
    with pytest.raises(omero.ApiUsageException, match="not a stateful service"):
        factory.createByName("omero.api.IQuery")


def test_that_a_command_is_refused_the_way_omero_fails_commands(connect: Connect) -> None:
    with pytest.raises(omero.CmdError, match="Timing is not available"):
        connect("ada").submit(omero.cmd.Timing())


def test_that_an_operation_that_no_interface_has_is_told_so(connect: Connect) -> None:
    service = connect("ada").getSession().getConfigService()
    other = omero.api.IQueryPrx.uncheckedCast(service)
    with pytest.raises(Ice.OperationNotExistException):
        other.projection("select 1 from Image", None)


@pytest.mark.parametrize(
    "hql",
    [
        "",
        "nonsense",
        "select",
        "select p from Project p where p.id = :missing",
        "select x from Image i",
        "☃" * 1000,
        "(" * 5000,
    ],
)
def test_that_bad_queries_are_answered_with_omeros_exceptions(connect: Connect, hql: str) -> None:
    service = connect("ada").getSession().getQueryService()
    for ask in (service.projection, service.findAllByQuery, service.findByQuery):
        with pytest.raises((omero.ApiUsageException, omero.QueryException, omero.ValidationException)):
            ask(hql, None)


def header(kind: int, size: int) -> bytes:
    """An Ice 1.0 message header."""
    return b"IceP" + bytes([1, 0, 1, 0, kind, 0]) + struct.pack("<i", size)


@pytest.mark.parametrize(
    "message",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\0" * 4096,
        os.urandom(4096),
        header(0, 2**31 - 1),
        header(0, -1),
        header(0, 14 + 200) + b"\xff" * 200,
        header(1, 18) + struct.pack("<i", 2**30),
        header(9, 14),
    ],
    ids=["http", "zeros", "noise", "huge", "negative", "garbled", "batch", "unknown kind"],
)
def test_that_garbage_on_either_port_harms_nobody(lab: Lab, connect: Connect, message: bytes) -> None:
    client = connect("ada")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", lab.server.tcp_port), timeout=10) as plain:
        swallow(plain, message)
    with (
        socket.create_connection(("127.0.0.1", lab.server.ssl_port), timeout=10) as raw,
        context.wrap_socket(raw) as secure,
    ):
        swallow(secure, message)
    assert client.getSession().getConfigService().getVersion()


def swallow(line: socket.socket, message: bytes) -> None:
    """Send a message and read until the server hangs up; that it does is what is tested."""
    try:
        line.sendall(message)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    except OSError:
        pass


def test_that_a_request_that_is_too_large_only_costs_its_sender_the_line(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    with socket.create_connection(("127.0.0.1", lab.server.tcp_port), timeout=10) as line:
        swallow(line, header(0, 250_000 * 1024 + 1) + b"x" * 100_000)
    query = "select p from Project p where p.name = :name"
    params = omero.sys.ParametersI().addString("name", "x" * 20_000_000)
    assert client.getSession().getQueryService().findAllByQuery(query, params) == []


def test_that_a_graph_with_a_null_in_it_is_refused(connect: Connect) -> None:
    update = connect("ada").getSession().getUpdateService()
    project = omero.model.ProjectI()
    project.name = rstring("half of a pair")
    with pytest.raises(omero.ApiUsageException, match="null"):
        update.saveArray([project, None])
    found = (
        connect("ada").getSession().getQueryService().findAllByString("Project", "name", "half of a pair", True, None)
    )
    assert found == []
