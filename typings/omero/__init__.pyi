"""OMERO's Python library: values, exceptions, the client."""

from collections.abc import Mapping, Sequence

import Glacier2
import Ice
from omero import api as api
from omero import cmd as cmd
from omero import constants as constants
from omero import grid as grid
from omero import model as model
from omero import romio as romio
from omero import rtypes as rtypes
from omero import sys as sys
from omero.clients import BaseClient

def client(
    args: Sequence[str] | str | None = ...,
    id: Ice.InitializationData | int | None = ...,
    host: str | None = ...,
    port: int | None = ...,
    pmap: Mapping[str, str] | None = ...,
) -> BaseClient: ...

class ClientError(Exception): ...

class CmdError(ClientError):
    err: cmd.ERR

class UnloadedEntityException(ClientError): ...
class UnloadedCollectionException(ClientError): ...
class Internal(Ice.Object): ...
class RType(Ice.Object): ...

class RBool(RType):
    _val: bool
    @property
    def val(self) -> bool: ...
    def getValue(self) -> bool: ...

class RDouble(RType):
    _val: float
    @property
    def val(self) -> float: ...
    def getValue(self) -> float: ...

class RFloat(RType):
    _val: float
    @property
    def val(self) -> float: ...
    def getValue(self) -> float: ...

class RInt(RType):
    _val: int
    @property
    def val(self) -> int: ...
    def getValue(self) -> int: ...

class RLong(RType):
    _val: int
    @property
    def val(self) -> int: ...
    def getValue(self) -> int: ...

class RTime(RType):
    _val: int
    @property
    def val(self) -> int: ...
    def getValue(self) -> int: ...

class RString(RType):
    _val: str
    @property
    def val(self) -> str: ...
    def getValue(self) -> str: ...

class RClass(RString): ...

class RObject(RType):
    @property
    def val(self) -> model.IObject | None: ...
    def getValue(self) -> model.IObject | None: ...

class RInternal(RType):
    @property
    def val(self) -> Internal | None: ...
    def getValue(self) -> Internal | None: ...

class RCollection(RType):
    @property
    def val(self) -> list[RType | None]: ...
    def getValue(self) -> list[RType | None]: ...

class RList(RCollection): ...
class RSet(RCollection): ...
class RArray(RCollection): ...

class RMap(RType):
    @property
    def val(self) -> dict[str, RType | None]: ...
    def getValue(self) -> dict[str, RType | None]: ...

class ServerError(Ice.UserException):
    serverStackTrace: str
    serverExceptionClass: str
    message: str
    def __init__(
        self, serverStackTrace: str | None = ..., serverExceptionClass: str | None = ..., message: str | None = ...
    ) -> None: ...

class ApiUsageException(ServerError): ...
class AuthenticationException(Glacier2.CannotCreateSessionException): ...
class ValidationException(ApiUsageException): ...

class ChecksumValidationException(ValidationException):
    failingChecksums: dict[int, str]
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        failingChecksums: Mapping[int, str] | None = ...,
    ) -> None: ...

class ConcurrencyException(ServerError):
    backOff: int
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        backOff: int = ...,
    ) -> None: ...

class ConcurrentModification(ConcurrencyException): ...
class DatabaseBusyException(ConcurrencyException): ...
class ExpiredCredentialException(Glacier2.CannotCreateSessionException): ...

class FilePathNamingException(ValidationException):
    illegalFilePath: str
    illegalCodePoints: list[int]
    illegalPrefixes: list[str]
    illegalSuffixes: list[str]
    illegalNames: list[str]
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        illegalFilePath: str | None = ...,
        illegalCodePoints: Sequence[int] | None = ...,
        illegalPrefixes: Sequence[str] | None = ...,
        illegalSuffixes: Sequence[str] | None = ...,
        illegalNames: Sequence[str] | None = ...,
    ) -> None: ...

class SecurityViolation(ServerError): ...
class GroupSecurityViolation(SecurityViolation): ...
class InternalException(ServerError): ...

class LockTimeout(ConcurrencyException):
    seconds: int
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        backOff: int = ...,
        seconds: int = ...,
    ) -> None: ...

class MissingPyramidException(ConcurrencyException):
    pixelsID: int
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        backOff: int = ...,
        pixelsID: int = ...,
    ) -> None: ...

class ResourceError(ServerError): ...

class NoProcessorAvailable(ResourceError):
    processorCount: int
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        processorCount: int = ...,
    ) -> None: ...

class OmeroFSError(ServerError):
    reason: str
    def __init__(
        self,
        serverStackTrace: str | None = ...,
        serverExceptionClass: str | None = ...,
        message: str | None = ...,
        reason: str | None = ...,
    ) -> None: ...

class OptimisticLockException(ConcurrencyException): ...
class OverUsageException(ApiUsageException): ...
class PermissionMismatchGroupSecurityViolation(SecurityViolation): ...
class QueryException(ApiUsageException): ...
class ReadOnlyGroupSecurityViolation(SecurityViolation): ...
class SessionException(ServerError): ...
class RemovedSessionException(SessionException): ...
class SessionTimeoutException(SessionException): ...
class ShutdownInProgress(SessionException): ...
class TryAgain(ConcurrencyException): ...

class WrappedCreateSessionException(Glacier2.CannotCreateSessionException):
    concurrency: bool
    backOff: int
    type: str
    def __init__(
        self, reason: str | None = ..., concurrency: bool = ..., backOff: int = ..., type: str | None = ...
    ) -> None: ...
