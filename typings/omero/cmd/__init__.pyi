"""Commands, their requests and responses."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

import Ice
import omero
import omero.api
import omero.cmd.graphs
import omero.model
import omero.sys

MaybeNone: TypeAlias = Any  # None where nothing was set, which callers need not reckon with

class State(Ice.EnumBase):
    ALL: ClassVar[State]
    ACTIVE: ClassVar[State]
    INACTIVE: ClassVar[State]
    SUCCESS: ClassVar[State]
    FAILURE: ClassVar[State]
    CANCELLED: ClassVar[State]

class Request(Ice.Object): ...

class GraphQuery(Request):
    targetObjects: dict[str, list[int]]
    def __init__(self, targetObjects: Mapping[str, Sequence[int]] | None = ...) -> None: ...

class GraphModify2(GraphQuery):
    childOptions: list[omero.cmd.graphs.ChildOption]
    dryRun: bool
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
    ) -> None: ...

class Chgrp2(GraphModify2):
    groupId: int
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        groupId: int = ...,
    ) -> None: ...

class Response(Ice.Object): ...
class OK(Response): ...

class Chgrp2Response(OK):
    includedObjects: dict[str, list[int]]
    deletedObjects: dict[str, list[int]]
    def __init__(
        self,
        includedObjects: Mapping[str, Sequence[int]] | None = ...,
        deletedObjects: Mapping[str, Sequence[int]] | None = ...,
    ) -> None: ...

class Chmod2(GraphModify2):
    permissions: str
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        permissions: str = ...,
    ) -> None: ...

class Chmod2Response(OK):
    includedObjects: dict[str, list[int]]
    deletedObjects: dict[str, list[int]]
    def __init__(
        self,
        includedObjects: Mapping[str, Sequence[int]] | None = ...,
        deletedObjects: Mapping[str, Sequence[int]] | None = ...,
    ) -> None: ...

class Chown2(GraphModify2):
    userId: int
    targetUsers: list[int]
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        userId: int = ...,
        targetUsers: Sequence[int] | None = ...,
    ) -> None: ...

class Chown2Response(OK):
    includedObjects: dict[str, list[int]]
    deletedObjects: dict[str, list[int]]
    def __init__(
        self,
        includedObjects: Mapping[str, Sequence[int]] | None = ...,
        deletedObjects: Mapping[str, Sequence[int]] | None = ...,
    ) -> None: ...

class CmdCallback(Ice.Object): ...
class CurrentSessionsRequest(Request): ...

class CurrentSessionsResponse(OK):
    sessions: list[omero.model.Session]
    contexts: list[omero.sys.EventContext]
    data: list[dict[str, omero.RType | None]]
    def __init__(
        self,
        sessions: Sequence[omero.model.Session | None] | None = ...,
        contexts: Sequence[omero.sys.EventContext] | None = ...,
        data: Sequence[Mapping[str, omero.RType | None]] | None = ...,
    ) -> None: ...

class Delete2(GraphModify2):
    typesToIgnore: list[str]
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        typesToIgnore: Sequence[str] | None = ...,
    ) -> None: ...

class Delete2Response(OK):
    deletedObjects: dict[str, list[int]]
    def __init__(self, deletedObjects: Mapping[str, Sequence[int]] | None = ...) -> None: ...

class DiskUsage(Request):
    classes: list[str]
    objects: dict[str, list[int]]
    def __init__(
        self, classes: Sequence[str] | None = ..., objects: Mapping[str, Sequence[int]] | None = ...
    ) -> None: ...

class DiskUsage2(GraphQuery):
    targetClasses: list[str]
    def __init__(
        self, targetObjects: Mapping[str, Sequence[int]] | None = ..., targetClasses: Sequence[str] | None = ...
    ) -> None: ...

class DiskUsage2Response(OK):
    fileCountByReferer: dict[omero.api.LongPair, dict[str, int]]
    bytesUsedByReferer: dict[omero.api.LongPair, dict[str, int]]
    totalFileCount: dict[omero.api.LongPair, int]
    totalBytesUsed: dict[omero.api.LongPair, int]
    def __init__(
        self,
        fileCountByReferer: Mapping[omero.api.LongPair, Mapping[str, int]] | None = ...,
        bytesUsedByReferer: Mapping[omero.api.LongPair, Mapping[str, int]] | None = ...,
        totalFileCount: Mapping[omero.api.LongPair, int] | None = ...,
        totalBytesUsed: Mapping[omero.api.LongPair, int] | None = ...,
    ) -> None: ...

class DoAll(Request):
    requests: list[Request]
    contexts: list[dict[str, str]]
    def __init__(
        self, requests: Sequence[Request] | None = ..., contexts: Sequence[Mapping[str, str]] | None = ...
    ) -> None: ...

class DoAllRsp(OK):
    responses: list[Response]
    status: list[Status]
    def __init__(self, responses: Sequence[Response] | None = ..., status: Sequence[Status] | None = ...) -> None: ...

class Duplicate(GraphModify2):
    typesToDuplicate: list[str]
    typesToReference: list[str]
    typesToIgnore: list[str]
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        typesToDuplicate: Sequence[str] | None = ...,
        typesToReference: Sequence[str] | None = ...,
        typesToIgnore: Sequence[str] | None = ...,
    ) -> None: ...

class DuplicateResponse(OK):
    duplicates: dict[str, list[int]]
    def __init__(self, duplicates: Mapping[str, Sequence[int]] | None = ...) -> None: ...

class ERR(Response):
    category: str
    name: str
    parameters: dict[str, str]
    def __init__(self, category: str = ..., name: str = ..., parameters: Mapping[str, str] | None = ...) -> None: ...

class FindChildren(GraphQuery):
    typesOfChildren: list[str]
    stopBefore: list[str]
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        typesOfChildren: Sequence[str] | None = ...,
        stopBefore: Sequence[str] | None = ...,
    ) -> None: ...

class FindHandles(Request):
    limit: int
    include: list[State]
    exclude: list[State]
    def __init__(
        self, limit: int = ..., include: Sequence[State] | None = ..., exclude: Sequence[State] | None = ...
    ) -> None: ...

class FindParents(GraphQuery):
    typesOfParents: list[str]
    stopBefore: list[str]
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        typesOfParents: Sequence[str] | None = ...,
        stopBefore: Sequence[str] | None = ...,
    ) -> None: ...

class FoundChildren(OK):
    children: dict[str, list[int]]
    def __init__(self, children: Mapping[str, Sequence[int]] | None = ...) -> None: ...

class FoundParents(OK):
    parents: dict[str, list[int]]
    def __init__(self, parents: Mapping[str, Sequence[int]] | None = ...) -> None: ...

class GraphException(ERR):
    message: str
    def __init__(
        self, category: str = ..., name: str = ..., parameters: Mapping[str, str] | None = ..., message: str = ...
    ) -> None: ...

class Handle(Ice.Object): ...

class LegalGraphTargets(Request):
    request: GraphQuery | None
    def __init__(self, request: GraphQuery | None = ...) -> None: ...

class LegalGraphTargetsResponse(OK):
    targets: list[str]
    def __init__(self, targets: Sequence[str] | None = ...) -> None: ...

class ManageImageBinaries(Request):
    imageId: int
    togglePixels: bool
    deletePyramid: bool
    deleteThumbnails: bool
    def __init__(
        self, imageId: int = ..., togglePixels: bool = ..., deletePyramid: bool = ..., deleteThumbnails: bool = ...
    ) -> None: ...

class OriginalMetadataRequest(Request):
    imageId: int
    def __init__(self, imageId: int = ...) -> None: ...

class OriginalMetadataResponse(OK):
    filesetId: omero.RLong | None
    fileAnnotationId: omero.RLong | None
    globalMetadata: dict[str, omero.RType | None]
    seriesMetadata: dict[str, omero.RType | None]
    def __init__(
        self,
        filesetId: omero.RLong | None = ...,
        fileAnnotationId: omero.RLong | None = ...,
        globalMetadata: Mapping[str, omero.RType | None] | None = ...,
        seriesMetadata: Mapping[str, omero.RType | None] | None = ...,
    ) -> None: ...

class PopStatus(Request):
    limit: int
    include: list[State]
    exclude: list[State]
    def __init__(
        self, limit: int = ..., include: Sequence[State] | None = ..., exclude: Sequence[State] | None = ...
    ) -> None: ...

class ResetPasswordRequest(Request):
    omename: str
    email: str
    def __init__(self, omename: str = ..., email: str = ...) -> None: ...

class SendEmailRequest(Request):
    subject: str
    body: str
    html: bool
    userIds: list[int]
    groupIds: list[int]
    extra: list[str]
    inactive: bool
    everyone: bool
    def __init__(
        self,
        subject: str = ...,
        body: str = ...,
        html: bool = ...,
        userIds: Sequence[int] | None = ...,
        groupIds: Sequence[int] | None = ...,
        extra: Sequence[str] | None = ...,
        inactive: bool = ...,
        everyone: bool = ...,
    ) -> None: ...

class Session(Ice.Object): ...

class SkipHead(GraphModify2):
    startFrom: list[str]
    request: GraphModify2 | None
    def __init__(
        self,
        targetObjects: Mapping[str, Sequence[int]] | None = ...,
        childOptions: Sequence[omero.cmd.graphs.ChildOption] | None = ...,
        dryRun: bool = ...,
        startFrom: Sequence[str] | None = ...,
        request: GraphModify2 | None = ...,
    ) -> None: ...

class Status(Ice.Object):
    source: HandlePrx | None
    category: str
    name: str
    flags: list[State]
    parameters: dict[str, str]
    currentStep: int
    steps: int
    startTime: int
    stepStartTimes: list[int]
    stepStopTimes: list[int]
    stopTime: int
    def __init__(
        self,
        source: HandlePrx | None = ...,
        category: str = ...,
        name: str = ...,
        flags: Sequence[State] | None = ...,
        parameters: Mapping[str, str] | None = ...,
        currentStep: int = ...,
        steps: int = ...,
        startTime: int = ...,
        stepStartTimes: Sequence[int] | None = ...,
        stepStopTimes: Sequence[int] | None = ...,
        stopTime: int = ...,
    ) -> None: ...

class Timing(Request):
    steps: int
    millisPerStep: int
    def __init__(self, steps: int = ..., millisPerStep: int = ...) -> None: ...

class Unknown(ERR): ...

class UpdateSessionTimeoutRequest(Request):
    session: str
    timeToLive: omero.RLong | None
    timeToIdle: omero.RLong | None
    def __init__(
        self, session: str = ..., timeToLive: omero.RLong | None = ..., timeToIdle: omero.RLong | None = ...
    ) -> None: ...

class UsedFilesRequest(Request):
    imageId: int
    def __init__(self, imageId: int = ...) -> None: ...

class UsedFilesResponse(OK):
    binaryFilesThisSeries: list[int]
    binaryFilesOtherSeries: list[int]
    companionFilesThisSeries: list[int]
    companionFilesOtherSeries: list[int]
    def __init__(
        self,
        binaryFilesThisSeries: Sequence[int] | None = ...,
        binaryFilesOtherSeries: Sequence[int] | None = ...,
        companionFilesThisSeries: Sequence[int] | None = ...,
        companionFilesOtherSeries: Sequence[int] | None = ...,
    ) -> None: ...

class UsedFilesResponsePreFs(OK):
    archivedFiles: list[int]
    companionFiles: list[int]
    originalMetadataFiles: list[int]
    def __init__(
        self,
        archivedFiles: Sequence[int] | None = ...,
        companionFiles: Sequence[int] | None = ...,
        originalMetadataFiles: Sequence[int] | None = ...,
    ) -> None: ...

class CmdCallbackPrx(Ice.ObjectPrx):
    def finished(self, rsp: Response | None, s: Status | None, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def begin_finished(
        self, rsp: Response | None, s: Status | None, *, _ctx: Mapping[str, str] | None = ...
    ) -> Ice.AsyncResult: ...
    def end_finished(self, result: Ice.AsyncResult, /) -> None: ...
    def step(self, complete: int, total: int, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def begin_step(self, complete: int, total: int, *, _ctx: Mapping[str, str] | None = ...) -> Ice.AsyncResult: ...
    def end_step(self, result: Ice.AsyncResult, /) -> None: ...

class HandlePrx(Ice.ObjectPrx):
    def addCallback(self, cb: CmdCallbackPrx | None, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def cancel(self, _ctx: Mapping[str, str] | None = ...) -> bool: ...
    def close(self, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def getRequest(self, _ctx: Mapping[str, str] | None = ...) -> Request | MaybeNone: ...
    def getResponse(self, _ctx: Mapping[str, str] | None = ...) -> Response | MaybeNone: ...
    def getStatus(self, _ctx: Mapping[str, str] | None = ...) -> Status | MaybeNone: ...
    def removeCallback(self, cb: CmdCallbackPrx | None, _ctx: Mapping[str, str] | None = ...) -> None: ...

class SessionPrx(Ice.ObjectPrx):
    def destroy(self, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def submit(self, req: Request | None, _ctx: Mapping[str, str] | None = ...) -> HandlePrx | MaybeNone: ...
