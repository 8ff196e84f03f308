"""Whatever a client submits, it gets a response that says what was wrong with it, and the server goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omero
import omero.cmd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.conftest import Connect

_NAMES = st.sampled_from(["Image", "Dataset", "ome.model.core.Image", "Annotation", "IAnnotationLink", "Experimenter"])
_ODD_NAMES = _NAMES | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_IDS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9), max_size=4)
_TARGETS = st.dictionaries(_ODD_NAMES, _IDS, max_size=3)
_TYPES = st.lists(_ODD_NAMES, max_size=2)
_OPTIONS = st.lists(
    st.none()
    | st.builds(
        omero.cmd.graphs.ChildOption, includeType=_TYPES, excludeType=_TYPES, includeNs=_TYPES, excludeNs=_TYPES
    ),
    max_size=2,
)
_LONGS = st.integers(-(2**63), 2**63 - 1)


def _of(kind: Callable[..., Any], **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, targetObjects=_TARGETS, **fields)


_DRY: dict[str, Any] = {"dryRun": st.just(True), "childOptions": _OPTIONS}
_CHANGES = (
    _of(omero.cmd.Delete2, typesToIgnore=_TYPES, **_DRY)
    | _of(omero.cmd.Chgrp2, groupId=_LONGS, **_DRY)
    | _of(omero.cmd.Chown2, userId=_LONGS, targetUsers=_IDS, **_DRY)
    | _of(omero.cmd.Chmod2, permissions=st.text("rwa-", max_size=6), **_DRY)
    | _of(omero.cmd.Duplicate, typesToDuplicate=_TYPES, typesToReference=_TYPES, typesToIgnore=_TYPES, **_DRY)
)
_SIMPLE = (
    _CHANGES
    | _of(omero.cmd.SkipHead, startFrom=_TYPES, request=st.none() | _CHANGES, **_DRY)
    | _of(omero.cmd.FindParents, typesOfParents=_TYPES, stopBefore=_TYPES)
    | _of(omero.cmd.FindChildren, typesOfChildren=_TYPES, stopBefore=_TYPES)
    | _of(omero.cmd.DiskUsage2, targetClasses=_TYPES)
    | st.builds(omero.cmd.LegalGraphTargets, request=st.none() | _CHANGES)
    | st.builds(omero.cmd.OriginalMetadataRequest, imageId=_LONGS)
    | st.builds(omero.cmd.UsedFilesRequest, imageId=_LONGS)
    | st.builds(omero.cmd.UpdateSessionTimeoutRequest, session=st.text("abc-", max_size=5))
)
_REQUESTS = _SIMPLE | st.builds(omero.cmd.DoAll, requests=st.lists(st.none() | _SIMPLE, max_size=3))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(request_=_REQUESTS)
def test_that_every_request_is_answered(connect: Connect, request_: Any) -> None:
    client = _client(connect)
    response = client.submit(request_, failonerror=False, failontimeout=True).getResponse()
    assert isinstance(response, omero.cmd.Response)
    if isinstance(response, omero.cmd.ERR):
        assert response.name
        assert "Internal error" not in response.parameters.get("message", "")


_OPEN: dict[int, Any] = {}


def _client(connect: Connect) -> Any:
    """One client for all examples of a test."""
    if id(connect) not in _OPEN:
        _OPEN[id(connect)] = connect("ada")
    return _OPEN[id(connect)]
