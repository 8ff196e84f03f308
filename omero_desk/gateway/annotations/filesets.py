"""What an image was imported from: the files, where they were and are, and whether they were imported in place."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import FilesetInfo
from omero_desk.entities.objects import Ref
from omero_desk.gateway.missing import missing
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_FILES: Final = 1_000
"""Files whose paths are told."""
_TRANSFER_NAMESPACE: Final = "openmicroscopy.org/omero/import/fileTransfer"
"""The namespace of a comment on a fileset that says how its files came (omero.constants.namespaces.NSFILETRANSFER)."""
_IN_PLACE: Final = "ome.formats.importer.transfers."
"""The beginning of what such a comment says of files that the importer did not upload (omero.fs.TRANSFERS).

OMERO.web calls those in place (webclient_gateway.getInplaceImportCmd).
"""
_FILESET: Final = """
    select f.id, (select count(i.id) from Image i where i.fileset.id = f.id),
        (select count(e.id) from FilesetEntry e where e.fileset.id = f.id) from Fileset f where f.id = :id"""
_SIZE: Final = "select sum(o.size) from FilesetEntry e join e.originalFile o where e.fileset.id = :id"
_ENTRIES: Final = """
    select e.clientPath, o.path, o.name from FilesetEntry e join e.originalFile o where e.fileset.id = :id
    order by e.id"""
_TRANSFER: Final = f"""
    select an.textValue from FilesetAnnotationLink l join l.child an
    where l.parent.id = :id and an.class = CommentAnnotation and an.ns = '{_TRANSFER_NAMESPACE}'"""


def fileset(session: LaneSession, fileset_id: int) -> FilesetInfo:
    """Return a fileset, with the paths of its first files. One round trip.

    Raises FailedError, after one more, where it is not there, or not for this user.
    """
    asked = (_FILESET, _SIZE, _ENTRIES, _TRANSFER)
    found, sizes, entries, transfers = session.projections(*asked, parameters={"id": fileset_id}, limit=MOST_FILES)
    if not found:
        ref = Ref("Fileset", fileset_id)
        raise missing(session, ref)
    _, images, files = found[0]
    # A row whose only value is null comes without it (ome.logic.QueryImpl.projection).
    size = next(chain.from_iterable(sizes), None)
    return FilesetInfo(
        fileset_id,
        images,
        files,
        size,
        tuple(shown(client) for client, _, _ in entries),
        tuple(f"{shown(path)}{shown(name)}" for _, path, name in entries),
        any(shown(transfer).startswith(_IN_PLACE) for transfer in chain.from_iterable(transfers)),
    )
