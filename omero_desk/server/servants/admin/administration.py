"""The base of the parts of IAdmin: looking people up, and the checks of who may administrate (AdminImpl)."""

from __future__ import annotations

from typing import TypeVar

import omero
from omero.model import IObject
from omero.rtypes import rstring, unwrap

from omero_desk.server.access.caller import empowered, load_caller
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.base import Service, parameters

Entity = TypeVar("Entity", bound=IObject)
Found = TypeVar("Found")


class AdministrationService(Service):
    """Looks people up and lets administrators and owners of groups change them."""

    def save_as_admin(self, call: Call, *targets: IObject) -> None:
        """Save what the caller has been allowed to change."""
        with self.backend.write() as connection:
            save_graph(self.backend.store.schema, connection, empowered(call.caller), targets, anywhere=True)

    def group_named(self, call: Call, name: str) -> omero.model.ExperimenterGroup:
        """Return a group; raises omero.ApiUsageException if there is none."""
        found: list[omero.model.ExperimenterGroup] = self.query(
            call, "select g from ExperimenterGroup g where g.name = :name", _named(name)
        )
        return one(found, f"No such group: {name}")

    def user_named(self, call: Call, name: str) -> omero.model.Experimenter:
        """Return a user; raises omero.ApiUsageException if there is none."""
        found: list[omero.model.Experimenter] = self.query(
            call, "select e from Experimenter e where e.omeName = :name", _named(name)
        )
        return one(found, f"No such experimenter: {name}")

    def managed(self, call: Call, target: Entity) -> Entity:
        """Return what the database has of an object; raises omero.ValidationException if it has nothing."""
        kind, target_id = self.model_class(_class_of(target)).name, id_of(target)
        hql = f"select o from {kind} o where o.id = :id"
        found: list[Entity] = self.query(call, hql, parameters(id=target_id))
        if not found:
            raise validation(f"The requested object ({kind},{target_id}) is not available.")
        return found[0]

    def groups_of(self, user_id: int) -> list[int]:
        """Return the ids of a user's groups, the default one first."""
        with self.backend.store.read() as connection:
            return list(load_caller(connection, user_id).member_of)

    def privileges_of(self, user_id: int) -> frozenset[str]:
        """Return the privileges that a user has as an administrator."""
        with self.backend.store.read() as connection:
            return load_caller(connection, user_id).privileges

    def check_no_elevation(self, call: Call, before: frozenset[str], after: frozenset[str]) -> None:
        """Refuse to give anybody privileges that the caller does not have."""
        if not after - before <= call.caller.privileges:
            raise security_violation("cannot give administrator privileges that current user does not have")


def require(call: Call, privilege: str, *group_ids: int) -> None:
    """Refuse a caller without a privilege who does not own all of the groups, if any are named."""
    leads = bool(group_ids) and all(call.caller.leads(group) for group in group_ids)
    if not (call.caller.has(privilege) or leads):
        raise security_violation(
            "Current user is neither admin nor group-leader for the given user(s)/group(s)"
            if group_ids
            else "Current user is not admin for the given user(s)"
        )


def admins_only(call: Call) -> None:
    """Refuse who is no administrator at all."""
    if not call.caller.is_admin:
        raise security_violation("Only administrators may do this.")


def one(found: list[Found], missing: str) -> Found:
    """Return the first; raises omero.ApiUsageException for none."""
    if not found:
        raise api_usage(missing)
    return found[0]


def id_of(target: IObject | None) -> int:
    """Return the id of an object that a client sends; raises omero.ApiUsageException if it has none."""
    if target is None or target.id is None:
        raise api_usage("Argument must be managed (i.e. have an id).")
    return target.id.val


def text_of(target: IObject | None, name: str, *, may_be_empty: bool = False) -> str:
    """Return a text that a client's object must have; raises omero.ValidationException if it has none."""
    value = unwrap(getattr(target, f"_{name}", None))
    if value is None or not (value or may_be_empty):
        raise validation(f"{name} may not be null.")
    return str(value)


def validation(message: str) -> omero.ValidationException:
    """Return the exception for data that cannot be saved."""
    return server_error(omero.ValidationException, message)


def _class_of(target: object) -> str:
    if not isinstance(target, IObject):
        raise api_usage("Argument cannot be null")
    return type(target).__name__


def _named(name: str) -> omero.sys.Parameters:
    return parameters(name=rstring(name))
