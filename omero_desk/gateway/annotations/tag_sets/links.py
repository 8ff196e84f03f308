"""The links from sets of tags to their tags: a set is a tag with a namespace of its own, and the parent of its tags."""

from __future__ import annotations

from typing import Final

import omero.model
from omero.model import Annotation
from omero.rtypes import rstring

from omero_desk.entities.annotations import TAG_SET
from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.connection.session import LaneSession

SET_GONE: Final = mark("Annotations", "This set of tags is not there any more, or you may not see it any more.")
SET_REFUSED: Final = mark("Annotations", "You are not allowed to put tags into this set.")


def set_link(set_id: int, tag: Annotation) -> omero.model.AnnotationAnnotationLink:
    """Return a new link from a set of tags, which is not loaded, to a tag."""
    return link_between(omero.model.TagAnnotationI(set_id, False), tag)


def link_between(parent: Annotation, tag: Annotation) -> omero.model.AnnotationAnnotationLink:
    """Return a new link from a set of tags to a tag."""
    link = omero.model.AnnotationAnnotationLinkI()
    link.setParent(parent)
    link.setChild(tag)
    return link


def new_set(name: str) -> omero.model.TagAnnotation:
    """Return a new set of tags."""
    tags = omero.model.TagAnnotationI()
    tags.setTextValue(rstring(name))
    tags.setNs(rstring(TAG_SET))
    return tags


def check_set(session: LaneSession, set_id: int, group: int) -> None:
    """Raise FailedError for a set of tags that is gone, is in another group, or that the user may put no tags into."""
    query = (
        "select new map(t.details.group.id as owner_group, t as t_details_permissions) from TagAnnotation t"
        f" where t.id = :id and t.ns = '{TAG_SET}'"
    )
    rows = session.projection(query, {"id": set_id})
    if not rows or rows[0][0]["owner_group"] != group:
        raise FailedError(SET_GONE)
    if not rows[0][0]["t_details_permissions"]["canAnnotate"]:
        raise FailedError(SET_REFUSED)
