"""The part of IAdmin that knows what each administrator may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import omero
from omero.model import AdminPrivilege
from omero.rtypes import rlist, rstring, unwrap
from sqlalchemy import Connection

from omero_desk.server.access.caller import settings_of
from omero_desk.server.access.privileges import ALL_PRIVILEGES, MODIFY_USER, configured
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import ROOT_ID, SYSTEM_GROUP_ID
from omero_desk.server.database.model import NamedValues
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.schema import Schema
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.admin.administration import AdministrationService, admins_only, id_of, require
from omero_desk.server.servants.base import parameters


class AdminPrivilegesService(AdministrationService):
    """Light administrators lack some of the privileges; nobody gives away more than they have."""

    def getCurrentAdminPrivileges(self, call: Call) -> list[AdminPrivilege]:
        """Return what the caller may do as an administrator, in this session."""
        return self._privileges(call, call.caller.privileges)

    def getAdminPrivileges(self, call: Call, user: omero.model.Experimenter) -> list[AdminPrivilege]:
        """Return what a user may do as an administrator."""
        return self._privileges(call, self.privileges_of(id_of(user)))

    def getAdminsWithPrivileges(
        self, call: Call, privileges: Sequence[AdminPrivilege]
    ) -> list[omero.model.Experimenter]:
        """Return the administrators who have all of these privileges."""
        wanted = names_of(privileges)
        hql = "select m.child from GroupExperimenterMap m where m.parent.id = :id order by m.child.id"
        admins = [row[0].val for row in self.rows(call, hql, parameters(id=SYSTEM_GROUP_ID))]
        return [one for one in admins if wanted <= self.privileges_of(one.id.val)]

    def setAdminPrivileges(
        self, call: Call, user: omero.model.Experimenter, privileges: Sequence[AdminPrivilege]
    ) -> None:
        """Leave an administrator these privileges and no others."""
        admins_only(call)
        require(call, MODIFY_USER)
        user_id, wanted = id_of(user), names_of(privileges)
        if user_id == ROOT_ID and wanted != ALL_PRIVILEGES:
            raise api_usage("cannot remove light administrator privileges from the root user")
        if SYSTEM_GROUP_ID in self.groups_of(user_id):
            self.check_no_elevation(call, self.privileges_of(user_id), wanted)
        with self.backend.write() as connection:
            write_privileges(self.backend.store.schema, connection, user_id, wanted)

    def _privileges(self, call: Call, names: Iterable[str]) -> list[AdminPrivilege]:
        hql = "select p from AdminPrivilege p where p.value in (:names) order by p.id"
        wanted = [rstring(name) for name in sorted(names)]
        return self.query(call, hql, parameters(names=rlist(wanted))) if wanted else []


def names_of(privileges: Sequence[AdminPrivilege]) -> frozenset[str]:
    """Return the names of privileges that a client sends; raises omero.ApiUsageException for unknown ones."""
    names = {unwrap(getattr(one, "_value", None)) for one in privileges}
    for name in names - ALL_PRIVILEGES:
        raise api_usage(f"unknown light administrator privilege: {name}")
    return frozenset(names)


def write_privileges(schema: Schema, connection: Connection, user_id: int, privileges: frozenset[str]) -> None:
    """Write the privileges that a user keeps into the user's configuration."""
    found = schema.model["Experimenter"].properties["config"]
    assert isinstance(found, NamedValues)
    pairs = configured(settings_of(connection, user_id), privileges)
    table = schema.named_values_table("Experimenter", found)
    connection.execute(table.delete().where(table.c.parent_id == user_id))
    insert_named_values(schema, connection, "Experimenter", "config", {user_id: pairs})
