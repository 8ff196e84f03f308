"""Fixtures of the fault tables: a manager without much patience, on a laboratory of the module's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from omero_desk.gateway.annotations.edit_write import EditWrite
from omero_desk.gateway.connection import client, connection, probe
from omero_desk.gateway.connection.certificates import KnownCertificates
from omero_desk.gateway.service import manager as service_module
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.laboratory import Laboratory
from tests.faults.operations import PATIENCE
from tests.faults.table import left_over, let_go


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with Laboratory(tmp_path_factory.mktemp("faults")) as laboratory:
        yield laboratory


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sign-in waits for, shorter than people would like."""
    monkeypatch.setattr(probe, "TIMEOUT", PATIENCE)
    for module in (client, connection):
        monkeypatch.setattr(module, "PING_TIMEOUT", PATIENCE)
    monkeypatch.setattr(service_module, "SETTLE", PATIENCE / 3)
    for method in (EditWrite.prepare, EditWrite.send, EditWrite.find):
        monkeypatch.setattr(method, "patience", PATIENCE, raising=False)


@pytest_asyncio.fixture
async def service(laboratory: Laboratory, tmp_path: Path, impatience: None) -> AsyncIterator[ServiceManager]:
    before = set(threading.enumerate())
    service = ServiceManager(KnownCertificates(tmp_path / "certificates.json"))
    yield service
    laboratory.proxy.heal()
    session = service.account.session if service.account is not None else ""
    await asyncio.to_thread(let_go, laboratory, service, session)
    assert left_over(before) == []
