"""What queries and sessions are described by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import Ice
import omero

MaybeNone: TypeAlias = Any  # None where nothing was set, which callers need not reckon with

class Parameters(Ice.Object):
    map: dict[str, omero.RType | None]
    theFilter: Filter | None
    theOptions: Options | None
    def __init__(
        self,
        map: Mapping[str, omero.RType | None] | None = ...,
        theFilter: Filter | None = ...,
        theOptions: Options | None = ...,
    ) -> None: ...

class ParametersI(Parameters):
    def __init__(self, parammap: Mapping[str, omero.RType | None] | None = ...) -> None: ...
    def add(self, name: str, rtype: omero.RType) -> ParametersI: ...
    def addId(self, id: int | omero.RLong) -> ParametersI: ...
    def addIds(self, longs: Iterable[int]) -> ParametersI: ...
    def addLong(self, name: str, longValue: int) -> ParametersI: ...
    def addLongs(self, name: str, longs: Iterable[int]) -> ParametersI: ...
    def addString(self, name: str, stringValue: str) -> ParametersI: ...
    def addTime(self, name: str, TimeValue: int) -> ParametersI: ...
    def acquisitionData(self) -> ParametersI: ...
    def allExps(self) -> ParametersI: ...
    def allGrps(self) -> ParametersI: ...
    def endTime(self, endTime: omero.RTime) -> ParametersI: ...
    def exp(self, i: int | omero.RLong) -> ParametersI: ...
    def getExperimenter(self) -> omero.RLong | None: ...
    def getGroup(self) -> omero.RLong | None: ...
    def grp(self, i: int | omero.RLong) -> ParametersI: ...
    def isExperimenter(self) -> bool: ...
    def isGroup(self) -> bool: ...
    def leaves(self) -> ParametersI: ...
    def noLeaves(self) -> ParametersI: ...
    def noOrphan(self) -> ParametersI: ...
    def noPage(self) -> ParametersI: ...
    def orphan(self) -> ParametersI: ...
    def page(self, offset: int, limit: int) -> ParametersI: ...
    def startTime(self, startTime: omero.RTime) -> ParametersI: ...
    def unique(self) -> ParametersI: ...

class EventContext(Ice.Object):
    shareId: int
    sessionId: int
    sessionUuid: str
    userId: int
    userName: str
    sudoerId: omero.RLong | None
    sudoerName: omero.RString | None
    groupId: int
    groupName: str
    isAdmin: bool
    adminPrivileges: list[str]
    eventId: int
    eventType: str
    memberOfGroups: list[int]
    leaderOfGroups: list[int]
    groupPermissions: omero.model.Permissions | None
    def __init__(
        self,
        shareId: int = ...,
        sessionId: int = ...,
        sessionUuid: str = ...,
        userId: int = ...,
        userName: str = ...,
        sudoerId: omero.RLong | None = ...,
        sudoerName: omero.RString | None = ...,
        groupId: int = ...,
        groupName: str = ...,
        isAdmin: bool = ...,
        adminPrivileges: Sequence[str] | None = ...,
        eventId: int = ...,
        eventType: str = ...,
        memberOfGroups: Sequence[int] | None = ...,
        leaderOfGroups: Sequence[int] | None = ...,
        groupPermissions: omero.model.Permissions | None = ...,
    ) -> None: ...

class Filter(Ice.Object):
    unique: omero.RBool | None
    ownerId: omero.RLong | None
    groupId: omero.RLong | None
    offset: omero.RInt | None
    limit: omero.RInt | None
    startTime: omero.RTime | None
    endTime: omero.RTime | None
    def __init__(
        self,
        unique: omero.RBool | None = ...,
        ownerId: omero.RLong | None = ...,
        groupId: omero.RLong | None = ...,
        offset: omero.RInt | None = ...,
        limit: omero.RInt | None = ...,
        startTime: omero.RTime | None = ...,
        endTime: omero.RTime | None = ...,
    ) -> None: ...

class Options(Ice.Object):
    leaves: omero.RBool | None
    orphan: omero.RBool | None
    acquisitionData: omero.RBool | None
    cacheable: omero.RBool | None
    def __init__(
        self,
        leaves: omero.RBool | None = ...,
        orphan: omero.RBool | None = ...,
        acquisitionData: omero.RBool | None = ...,
        cacheable: omero.RBool | None = ...,
    ) -> None: ...

class Principal(Ice.Object):
    name: str
    group: str
    eventType: str
    umask: omero.model.Permissions | None
    def __init__(
        self, name: str = ..., group: str = ..., eventType: str = ..., umask: omero.model.Permissions | None = ...
    ) -> None: ...

class Roles(Ice.Object):
    rootId: int
    rootName: str
    systemGroupId: int
    systemGroupName: str
    userGroupId: int
    userGroupName: str
    guestId: int
    guestName: str
    guestGroupId: int
    guestGroupName: str
    def __init__(
        self,
        rootId: int = ...,
        rootName: str = ...,
        systemGroupId: int = ...,
        systemGroupName: str = ...,
        userGroupId: int = ...,
        userGroupName: str = ...,
        guestId: int = ...,
        guestName: str = ...,
        guestGroupId: int = ...,
        guestGroupName: str = ...,
    ) -> None: ...
