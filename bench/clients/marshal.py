"""omero-marshal: graphs from the server to JSON and back, for each kind that it knows."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import omero
from omero_marshal import get_decoder, get_encoder

from bench.clients.blitzgateway import connection, new_roi, some_image
from bench.clients.tasks import NotRunError, Place, Tasks

TASKS = Tasks("omero-marshal", "omero-marshal", "omero-py")

_IMAGE = (
    "select o from Image o left outer join fetch o.pixels p left outer join fetch p.channels c "
    "left outer join fetch c.logicalChannel l left outer join fetch l.photometricInterpretation "
    "left outer join fetch p.pixelsType left outer join fetch p.dimensionOrder"
)
_QUERIES = {
    "Image with pixels and channels": _IMAGE,
    "Project with datasets": (
        "select o from Project o left outer join fetch o.datasetLinks l left outer join fetch l.child"
    ),
    "Screen with plates": "select o from Screen o left outer join fetch o.plateLinks l left outer join fetch l.child",
    "Plate with wells": "select o from Plate o left outer join fetch o.wells w left outer join fetch w.wellSamples",
    "Annotation of every kind": "select o from Annotation o",
    "Experimenter with groups": (
        "select o from Experimenter o left outer join fetch o.groupExperimenterMap m left outer join fetch m.parent"
    ),
}


def _round_trip(place: Place, query: str) -> str:
    with connection(place) as conn:
        parameters = omero.sys.ParametersI().page(0, 20)
        conn.SERVICE_OPTS.setOmeroGroup("-1")
        found = conn.getQueryService().findAllByQuery(query, parameters, conn.SERVICE_OPTS)
        if not found:
            raise NotRunError("this library has none")
        kinds = {type(each).__name__ for each in found}
        for each in found:
            _encode_and_decode(each)
        return f"{len(found)} of {', '.join(sorted(kinds))}"


def _encode_and_decode(thing: Any) -> None:
    encoded = get_encoder(thing.__class__).encode(thing)
    read = json.loads(json.dumps(encoded))
    decoded = get_decoder(read["@type"]).decode(read)
    assert _without_empty_details(get_encoder(decoded.__class__).encode(decoded)) == encoded


def _without_empty_details(value: Any) -> Any:
    """Return JSON without the details that the decoder gives to what is not loaded."""
    if isinstance(value, list):
        return [_without_empty_details(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: each for key, each in value.items() if not (key == "omero:details" and len(each) == 1)}
    return {key: _without_empty_details(each) for key, each in kept.items()}


@TASKS("Roi with shapes")
def _rois(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        roi = new_roi(conn, image)
        told = _round_trip(place, f"select o from Roi o join fetch o.shapes where o.image.id = {image.id}")
        conn.deleteObjects("Roi", [roi.id.val], wait=True)
        return told


for _name, _query in _QUERIES.items():
    TASKS(_name)(partial(_round_trip, query=_query))
