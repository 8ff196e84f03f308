"""The library of annotations, which tests only read, and a session of ada's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from omero_desk.gateway.service.manager import ServiceManager
from tests.support.annotated_library import AnnotatedLab, annotated_lab


@pytest.fixture(scope="package")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnnotatedLab]:
    with annotated_lab(tmp_path_factory.mktemp("annotated")) as lab:
        yield lab


@pytest_asyncio.fixture
async def as_ada(annotated: AnnotatedLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(annotated.sign_in())
    yield manager
    manager.close()
