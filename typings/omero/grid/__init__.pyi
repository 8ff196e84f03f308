"""Tables, scripts and repositories."""

import builtins
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import Ice
import omero
import omero.api
import omero.cmd
import omero.model

MaybeNone: TypeAlias = Any  # None where nothing was set, which callers need not reckon with

class Column(Ice.Object):
    name: str
    description: str
    def __init__(self, name: str = ..., description: str = ...) -> None: ...

class BoolColumn(Column):
    values: list[bool]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[bool] | None = ...) -> None: ...

class Data(Ice.Object):
    lastModification: int
    rowNumbers: list[int]
    columns: list[Column]
    def __init__(
        self,
        lastModification: int = ...,
        rowNumbers: Sequence[int] | None = ...,
        columns: Sequence[Column] | None = ...,
    ) -> None: ...

class DoubleArrayColumn(Column):
    size: int
    values: list[list[float]]
    def __init__(
        self, name: str = ..., description: str = ..., size: int = ..., values: Sequence[Sequence[float]] | None = ...
    ) -> None: ...

class DoubleColumn(Column):
    values: list[float]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[float] | None = ...) -> None: ...

class FloatArrayColumn(Column):
    size: int
    values: list[list[float]]
    def __init__(
        self, name: str = ..., description: str = ..., size: int = ..., values: Sequence[Sequence[float]] | None = ...
    ) -> None: ...

class ImageColumn(Column):
    values: list[int]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[int] | None = ...) -> None: ...

class ImportLocation(Ice.Object):
    sharedPath: str
    omittedLevels: int
    usedFiles: list[str]
    directory: omero.model.OriginalFile | None
    def __init__(
        self,
        sharedPath: str = ...,
        omittedLevels: int = ...,
        usedFiles: Sequence[str] | None = ...,
        directory: omero.model.OriginalFile | None = ...,
    ) -> None: ...

class ImportProcess(omero.api.StatefulServiceInterface): ...

class ImportRequest(omero.cmd.Request):
    clientUuid: str
    repoUuid: str
    process: ImportProcessPrx | None
    activity: omero.model.IObject | None
    settings: ImportSettings | None
    location: ImportLocation | None
    logFile: omero.model.OriginalFile | None
    def __init__(
        self,
        clientUuid: str = ...,
        repoUuid: str = ...,
        process: ImportProcessPrx | None = ...,
        activity: omero.model.IObject | None = ...,
        settings: ImportSettings | None = ...,
        location: ImportLocation | None = ...,
        logFile: omero.model.OriginalFile | None = ...,
    ) -> None: ...

class ImportResponse(omero.cmd.OK):
    pixels: list[omero.model.Pixels]
    objects: list[omero.model.IObject]
    def __init__(
        self, pixels: Sequence[omero.model.Pixels] | None = ..., objects: Sequence[omero.model.IObject] | None = ...
    ) -> None: ...

class ImportSettings(Ice.Object):
    userSpecifiedTarget: omero.model.IObject | None
    userSpecifiedName: omero.RString | None
    userSpecifiedDescription: omero.RString | None
    userSpecifiedPixels: list[float]
    userSpecifiedAnnotationList: list[omero.model.Annotation]
    doThumbnails: omero.RBool | None
    noStatsInfo: omero.RBool | None
    checksumAlgorithm: omero.model.ChecksumAlgorithm | None
    def __init__(
        self,
        userSpecifiedTarget: omero.model.IObject | None = ...,
        userSpecifiedName: omero.RString | None = ...,
        userSpecifiedDescription: omero.RString | None = ...,
        userSpecifiedPixels: Sequence[float] | None = ...,
        userSpecifiedAnnotationList: Sequence[omero.model.Annotation] | None = ...,
        doThumbnails: omero.RBool | None = ...,
        noStatsInfo: omero.RBool | None = ...,
        checksumAlgorithm: omero.model.ChecksumAlgorithm | None = ...,
    ) -> None: ...

class InteractiveProcessor(Ice.Object): ...

class JobParams(omero.Internal):
    name: str
    version: str
    description: str
    contact: str
    authors: list[str]
    institutions: list[str]
    authorsInstitutions: list[list[int]]
    inputs: dict[str, Param]
    outputs: dict[str, Param]
    stdoutFormat: str
    stderrFormat: str
    namespaces: list[str]
    def __init__(
        self,
        name: str = ...,
        version: str = ...,
        description: str = ...,
        contact: str = ...,
        authors: Sequence[str] | None = ...,
        institutions: Sequence[str] | None = ...,
        authorsInstitutions: Sequence[Sequence[int]] | None = ...,
        inputs: Mapping[str, Param] | None = ...,
        outputs: Mapping[str, Param] | None = ...,
        stdoutFormat: str = ...,
        stderrFormat: str = ...,
        namespaces: Sequence[str] | None = ...,
    ) -> None: ...

class LongArrayColumn(Column):
    size: int
    values: list[list[int]]
    def __init__(
        self, name: str = ..., description: str = ..., size: int = ..., values: Sequence[Sequence[int]] | None = ...
    ) -> None: ...

class LongColumn(Column):
    values: list[int]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[int] | None = ...) -> None: ...

class Repository(Ice.Object): ...
class ManagedRepository(Repository): ...

class MaskColumn(Column):
    imageId: list[int]
    theZ: list[int]
    theT: list[int]
    x: list[float]
    y: list[float]
    w: list[float]
    h: list[float]
    bytes: list[builtins.bytes]
    def __init__(
        self,
        name: str = ...,
        description: str = ...,
        imageId: Sequence[int] | None = ...,
        theZ: Sequence[int] | None = ...,
        theT: Sequence[int] | None = ...,
        x: Sequence[float] | None = ...,
        y: Sequence[float] | None = ...,
        w: Sequence[float] | None = ...,
        h: Sequence[float] | None = ...,
        bytes: Sequence[builtins.bytes] | None = ...,
    ) -> None: ...

class Param(Ice.Object):
    description: str
    optional: bool
    useDefault: bool
    prototype: omero.RType | None
    min: omero.RType | None
    max: omero.RType | None
    values: omero.RList | None
    grouping: str
    namespaces: list[str]
    def __init__(
        self,
        description: str = ...,
        optional: bool = ...,
        useDefault: bool = ...,
        prototype: omero.RType | None = ...,
        min: omero.RType | None = ...,
        max: omero.RType | None = ...,
        values: omero.RList | None = ...,
        grouping: str = ...,
        namespaces: Sequence[str] | None = ...,
    ) -> None: ...

class PlateColumn(Column):
    values: list[int]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[int] | None = ...) -> None: ...

class Process(Ice.Object): ...
class ProcessCallback(Ice.Object): ...
class ProcessorCallback(Ice.Object): ...
class RepositoryException(omero.ServerError): ...

class RepositoryMap:
    descriptions: list[omero.model.OriginalFile]
    proxies: list[RepositoryPrx]
    def __init__(
        self,
        descriptions: Sequence[omero.model.OriginalFile] | None = ...,
        proxies: Sequence[RepositoryPrx] | None = ...,
    ) -> None: ...

class RoiColumn(Column):
    values: list[int]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[int] | None = ...) -> None: ...

class ScriptProcess(Process): ...
class SharedResources(Ice.Object): ...

class StringColumn(Column):
    size: int
    values: list[str]
    def __init__(
        self, name: str = ..., description: str = ..., size: int = ..., values: Sequence[str] | None = ...
    ) -> None: ...

class Table(Ice.Object): ...
class Tables(Ice.Object): ...

class UnregisteredFileException(RepositoryException):
    file: omero.model.OriginalFile | None
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        file: omero.model.OriginalFile | None = ...,
    ) -> None: ...

class WellColumn(Column):
    values: list[int]
    def __init__(self, name: str = ..., description: str = ..., values: Sequence[int] | None = ...) -> None: ...

class ImportProcessPrx(omero.api.StatefulServiceInterfacePrx):
    def getHandle(self, _ctx: Mapping[str, str] | None = ...) -> omero.cmd.HandlePrx | MaybeNone: ...
    def getImportSettings(self, _ctx: Mapping[str, str] | None = ...) -> ImportSettings | MaybeNone: ...
    def getUploadOffset(self, i: int, _ctx: Mapping[str, str] | None = ...) -> int: ...
    def getUploader(self, i: int, _ctx: Mapping[str, str] | None = ...) -> omero.api.RawFileStorePrx | MaybeNone: ...
    def verifyUpload(
        self, hash: Sequence[str], _ctx: Mapping[str, str] | None = ...
    ) -> omero.cmd.HandlePrx | MaybeNone: ...

class InteractiveProcessorPrx(Ice.ObjectPrx):
    def execute(self, inputs: omero.RMap | None, _ctx: Mapping[str, str] | None = ...) -> ProcessPrx | MaybeNone: ...
    def params(self, _ctx: Mapping[str, str] | None = ...) -> JobParams | MaybeNone: ...
    def stop(self, _ctx: Mapping[str, str] | None = ...) -> None: ...

class RepositoryPrx(Ice.ObjectPrx):
    def deletePaths(
        self, paths: Sequence[str], recursively: bool, force: bool, _ctx: Mapping[str, str] | None = ...
    ) -> omero.cmd.HandlePrx | MaybeNone: ...
    def file(
        self, path: str, mode: str, _ctx: Mapping[str, str] | None = ...
    ) -> omero.api.RawFileStorePrx | MaybeNone: ...
    def fileById(self, id: int, _ctx: Mapping[str, str] | None = ...) -> omero.api.RawFileStorePrx | MaybeNone: ...
    def fileExists(self, path: str, _ctx: Mapping[str, str] | None = ...) -> bool: ...
    def list(self, path: str, _ctx: Mapping[str, str] | None = ...) -> builtins.list[str]: ...
    def listFiles(self, path: str, _ctx: Mapping[str, str] | None = ...) -> builtins.list[omero.model.OriginalFile]: ...
    def makeDir(self, path: str, parents: bool, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def mimetype(self, path: str, _ctx: Mapping[str, str] | None = ...) -> str: ...
    def register(
        self, path: str, mimetype: omero.RString | None, _ctx: Mapping[str, str] | None = ...
    ) -> omero.model.OriginalFile | MaybeNone: ...
    def root(self, _ctx: Mapping[str, str] | None = ...) -> omero.model.OriginalFile | MaybeNone: ...
    def treeList(self, path: str, _ctx: Mapping[str, str] | None = ...) -> omero.RMap | MaybeNone: ...

class ManagedRepositoryPrx(RepositoryPrx):
    def importFileset(
        self, fs: omero.model.Fileset | None, settings: ImportSettings | None, _ctx: Mapping[str, str] | None = ...
    ) -> ImportProcessPrx | MaybeNone: ...
    def importPaths(
        self, filePaths: Sequence[str], _ctx: Mapping[str, str] | None = ...
    ) -> ImportProcessPrx | MaybeNone: ...
    def listChecksumAlgorithms(self, _ctx: Mapping[str, str] | None = ...) -> list[omero.model.ChecksumAlgorithm]: ...
    def listImports(self, _ctx: Mapping[str, str] | None = ...) -> list[ImportProcessPrx]: ...
    def setChecksumAlgorithm(
        self, hasher: omero.model.ChecksumAlgorithm | None, ids: Sequence[int], _ctx: Mapping[str, str] | None = ...
    ) -> list[int]: ...
    def suggestChecksumAlgorithm(
        self, supported: Sequence[omero.model.ChecksumAlgorithm], _ctx: Mapping[str, str] | None = ...
    ) -> omero.model.ChecksumAlgorithm | MaybeNone: ...
    def verifyChecksums(self, ids: Sequence[int], _ctx: Mapping[str, str] | None = ...) -> list[int]: ...

class ProcessPrx(Ice.ObjectPrx):
    def cancel(self, _ctx: Mapping[str, str] | None = ...) -> bool: ...
    def kill(self, _ctx: Mapping[str, str] | None = ...) -> bool: ...
    def poll(self, _ctx: Mapping[str, str] | None = ...) -> omero.RInt | MaybeNone: ...
    def shutdown(self, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def wait(self, _ctx: Mapping[str, str] | None = ...) -> int: ...

class ProcessCallbackPrx(Ice.ObjectPrx): ...

class ProcessorCallbackPrx(Ice.ObjectPrx):
    def isAccepted(
        self, accepted: bool, sessionUuid: str, procConn: str, _ctx: Mapping[str, str] | None = ...
    ) -> None: ...

class ScriptProcessPrx(ProcessPrx):
    def close(self, detach: bool, _ctx: Mapping[str, str] | None = ...) -> None: ...

class SharedResourcesPrx(Ice.ObjectPrx):
    def acquireProcessor(
        self, job: omero.model.Job | None, seconds: int, _ctx: Mapping[str, str] | None = ...
    ) -> InteractiveProcessorPrx | MaybeNone: ...
    def areTablesEnabled(self, _ctx: Mapping[str, str] | None = ...) -> bool: ...
    def newTable(self, repoId: int, path: str, _ctx: Mapping[str, str] | None = ...) -> TablePrx | MaybeNone: ...
    def openTable(
        self, file: omero.model.OriginalFile | None, _ctx: Mapping[str, str] | None = ...
    ) -> TablePrx | MaybeNone: ...
    def repositories(self, _ctx: Mapping[str, str] | None = ...) -> RepositoryMap: ...

class TablePrx(Ice.ObjectPrx):
    def addColumn(self, col: Column | None, _ctx: Mapping[str, str] | None = ...) -> int: ...
    def addData(self, cols: Sequence[Column], _ctx: Mapping[str, str] | None = ...) -> None: ...
    def close(self, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def delete(self, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def getAllMetadata(self, _ctx: Mapping[str, str] | None = ...) -> dict[str, omero.RType | None]: ...
    def getHeaders(self, _ctx: Mapping[str, str] | None = ...) -> list[Column]: ...
    def begin_getHeaders(self, *, _ctx: Mapping[str, str] | None = ...) -> Ice.AsyncResult: ...
    def end_getHeaders(self, result: Ice.AsyncResult, /) -> list[Column]: ...
    def getMetadata(self, key: str, _ctx: Mapping[str, str] | None = ...) -> omero.RType | MaybeNone: ...
    def getNumberOfRows(self, _ctx: Mapping[str, str] | None = ...) -> int: ...
    def begin_getNumberOfRows(self, *, _ctx: Mapping[str, str] | None = ...) -> Ice.AsyncResult: ...
    def end_getNumberOfRows(self, result: Ice.AsyncResult, /) -> int: ...
    def getOriginalFile(self, _ctx: Mapping[str, str] | None = ...) -> omero.model.OriginalFile | MaybeNone: ...
    def getWhereList(
        self,
        condition: str,
        variables: Mapping[str, omero.RType | None],
        start: int,
        stop: int,
        step: int,
        _ctx: Mapping[str, str] | None = ...,
    ) -> list[int]: ...
    def initialize(self, cols: Sequence[Column], _ctx: Mapping[str, str] | None = ...) -> None: ...
    def read(
        self, colNumbers: Sequence[int], start: int, stop: int, _ctx: Mapping[str, str] | None = ...
    ) -> Data | MaybeNone: ...
    def readCoordinates(self, rowNumbers: Sequence[int], _ctx: Mapping[str, str] | None = ...) -> Data | MaybeNone: ...
    def setAllMetadata(self, dict: Mapping[str, omero.RType | None], _ctx: Mapping[str, str] | None = ...) -> None: ...
    def setMetadata(self, key: str, value: omero.RType | None, _ctx: Mapping[str, str] | None = ...) -> None: ...
    def slice(
        self, colNumbers: Sequence[int], rowNumbers: Sequence[int], _ctx: Mapping[str, str] | None = ...
    ) -> Data | MaybeNone: ...
    def update(self, modifiedData: Data | None, _ctx: Mapping[str, str] | None = ...) -> None: ...

class TablesPrx(Ice.ObjectPrx):
    def getTable(
        self,
        file: omero.model.OriginalFile | None,
        sf: omero.api.ServiceFactoryPrx | None,
        _ctx: Mapping[str, str] | None = ...,
    ) -> TablePrx | MaybeNone: ...
