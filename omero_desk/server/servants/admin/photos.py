"""The part of IAdmin that keeps a picture of each user: a file annotation of the user, for everybody to see."""

from __future__ import annotations

from typing import Final

import omero.model
from omero.constants.namespaces import NSEXPERIMENTERPHOTO
from omero.rtypes import rlong, rstring

from omero_desk.server.access.caller import empowered
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.files.stored_file import StoredFile
from omero_desk.server.filesets.originals import keep_measured, measure, place_by_id
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.admin.administration import AdministrationService
from omero_desk.server.servants.base import parameters

_HASHER: Final = "SHA1-160"
_MINE: Final = (
    "select f from Experimenter e join e.annotationLinks l join l.child a join a.file f "
    "where e.id = :id and a.ns = :ns order by f.id"
)


class PhotoService(AdministrationService):
    """Follows OMERO's AdminImpl: one picture a user, in the group of everybody."""

    def getMyUserPhotos(self, call: Call) -> list[omero.model.OriginalFile]:
        """Return the files of the caller's pictures."""
        values = parameters(id=call.caller.user_id, ns=rstring(NSEXPERIMENTERPHOTO))
        return self.query(call, _MINE, values)

    def uploadMyUserPhoto(self, call: Call, name: str, mimetype: str, data: bytes) -> int:
        """Keep a picture in the place of the one before; return the id of its file."""
        known = self.getMyUserPhotos(call)
        file = known[0] if known else omero.model.OriginalFileI()
        file.name = file.path = rstring(name)
        file.mimetype = rstring(mimetype)
        with self.backend.write() as connection:
            target = file if known else _link(call, file)
            save_graph(self.backend.store.schema, connection, empowered(call.caller), [target], anywhere=True)
        file_id = int(file.id.val)
        stored = StoredFile(place_by_id(self.backend.store.folder, file_id), is_writable=True)
        stored.truncate(0)
        stored.write(bytes(data), 0, len(data))
        keep_measured(self.backend, call.caller, file_id, measure(stored.path, _HASHER))
        return file_id


def _link(call: Call, file: omero.model.OriginalFile) -> omero.model.ExperimenterAnnotationLink:
    """Return the new link of a user to a new file, in the group that everybody is in."""
    file.size, file.hasher = rlong(0), omero.model.ChecksumAlgorithmI()
    file.hasher.value = rstring(_HASHER)
    annotation = omero.model.FileAnnotationI()
    annotation.ns, annotation.file = rstring(NSEXPERIMENTERPHOTO), file
    link = omero.model.ExperimenterAnnotationLinkI()
    link.parent, link.child = omero.model.ExperimenterI(call.caller.user_id, False), annotation
    for one in (file, annotation, link):
        one.details.group = omero.model.ExperimenterGroupI(USER_GROUP_ID, False)
    return link
