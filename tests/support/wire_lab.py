"""A laboratory on a fresh server, furnished by omero-py as people's scripts do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import omero.model
from numpy.typing import NDArray
from omero.gateway import BlitzGateway
from omero.rtypes import rbool, rstring

from omero_desk.entities.objects import SignIn
from tests.support.server_process import ROOT_PASSWORD, ServerProcess


@dataclass
class WireLab:
    """A group with its people, whose passwords are their names; `ids` are theirs and the group's."""

    server: ServerProcess
    ids: dict[str, int] = field(default_factory=dict)
    opened: list[BlitzGateway] = field(default_factory=list)

    def gateway(self, user: str = "ada") -> BlitzGateway:
        """Sign in with omero-py, until the lab is closed."""
        password = ROOT_PASSWORD if user == "root" else user
        made = BlitzGateway(user, password, host=self.server.host, port=self.server.ssl_port, secure=True)
        assert made.connect()
        self.opened.append(made)
        return made

    def sign_in(self, user: str = "ada") -> SignIn:
        """What the connection dialog would hand over."""
        return SignIn(self.server.host, self.server.ssl_port, user, user)


@contextmanager
def wire_lab(
    server: ServerProcess, permissions: str = "rwra--", people: Sequence[str] = ("ada", "ben")
) -> Iterator[WireLab]:
    """Make a group of these people on a server."""
    lab = WireLab(server)
    root = lab.gateway("root")
    lab.ids["group"] = root.createGroup("lab", perms=permissions)
    admin = root.getAdminService()
    groups = [omero.model.ExperimenterGroupI(admin.getSecurityRoles().userGroupId, False)]
    for name in people:
        person = omero.model.ExperimenterI()
        person.omeName, person.firstName, person.lastName = rstring(name), rstring(name.title()), rstring("Lab")
        person.ldap = rbool(False)
        default = omero.model.ExperimenterGroupI(lab.ids["group"], False)
        lab.ids[name] = admin.createExperimenterWithPassword(person, rstring(name), default, groups)
    try:
        yield lab
    finally:
        for each in lab.opened:
            each.close()


def new_image(
    gateway: BlitzGateway, name: str = "image", *planes: NDArray[Any], channels: int = 1, **others: Any
) -> int:
    """Make an image of planes of 8 by 8 pixels or such as are given, one a channel or a section; returns its id."""
    arrays = planes or (np.zeros((8, 8), "uint8"),)
    sections = len(arrays) // channels
    return int(gateway.createImageFromNumpySeq(iter(arrays), name, sections, channels, 1, **others).getId())


def pixels_of(gateway: BlitzGateway, image: int) -> Any:
    """Return the pixels of an image, to be changed and saved."""
    return gateway.getQueryService().findByQuery(f"select p from Pixels p where p.image.id = {image}", None)


def saved(gateway: BlitzGateway, thing: Any) -> int:
    """Save an object of OMERO's; returns its id."""
    return int(gateway.getUpdateService().saveAndReturnObject(thing).getId().getValue())


def named(kind: type, name: str, **fields: Any) -> Any:
    """Return a new object of OMERO's with a name."""
    made = kind()
    made.setName(rstring(name))
    for field_name, value in fields.items():
        setattr(made, field_name, value)
    return made
