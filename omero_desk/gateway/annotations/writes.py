"""The write for each kind of edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from omero_desk.entities.edits import (
    AddComment,
    AddTag,
    AttachFile,
    Author,
    DeleteAnnotation,
    Describe,
    Edit,
    EditAnnotation,
    MoveTag,
    NameChannels,
    PutAnnotation,
    Receipt,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.gateway.annotations.attaching import AttachWrite
from omero_desk.gateway.annotations.changing import AnnotationWrite, DescribeWrite, RenameWrite
from omero_desk.gateway.annotations.channels import ChannelsWrite
from omero_desk.gateway.annotations.linking import CommentWrite, PutWrite, TagWrite
from omero_desk.gateway.annotations.many_pairs import ManyPairsWrite
from omero_desk.gateway.annotations.pairs import pairs_write
from omero_desk.gateway.annotations.ratings import RatingWrite
from omero_desk.gateway.annotations.removing import DeleteWrite, TakeOffWrite
from omero_desk.gateway.annotations.tag_sets.moving import MoveTagWrite
from omero_desk.gateway.service.write import Write

_WRITES: Final[Mapping[type, Callable[..., Write[Receipt]]]] = {
    AddComment: CommentWrite,
    AddTag: TagWrite,
    AttachFile: AttachWrite,
    DeleteAnnotation: DeleteWrite,
    Describe: DescribeWrite,
    EditAnnotation: AnnotationWrite,
    MoveTag: MoveTagWrite,
    NameChannels: ChannelsWrite,
    PutAnnotation: PutWrite,
    Rename: RenameWrite,
    SetManyPairs: ManyPairsWrite,
    SetPairs: pairs_write,
    SetRating: RatingWrite,
    TakeOff: TakeOffWrite,
}


def write_of(edit: Edit, author: Author) -> Write[Receipt]:
    """Return a new write for an edit of `author`; keep it until the edit is done or given up."""
    return _WRITES[type(edit)](edit, author)
