"""What every exception means."""

import builtins

import Glacier2
import Ice
import omero
import omero.all  # defines the exceptions
import pytest

from omero_desk.entities.errors import BusyError, FailedError, GatewayError, LostError, NotReadyError, RefusedError
from omero_desk.gateway.errors import _RULES, classify

MODULES = {"Ice": Ice, "Glacier2": Glacier2, "omero": omero, "builtins": builtins}


@pytest.mark.parametrize("name", _RULES)
def test_that_every_rule_names_an_exception_that_exists(name: str) -> None:
    module, _, cls = name.partition(".")
    assert issubclass(getattr(MODULES[module], cls), Exception)


def subclasses(cls: type[Exception]) -> set[type[Exception]]:
    return {cls}.union(*(subclasses(sub) for sub in cls.__subclasses__()))


@pytest.mark.parametrize("cls", sorted(subclasses(Ice.Exception), key=str), ids=lambda cls: cls.__name__)
def test_that_every_exception_off_the_wire_is_classified_with_a_sentence(cls: type[Exception]) -> None:
    error = classify(cls(), "omero.example.org:4064")
    assert isinstance(error, (LostError, RefusedError, FailedError))
    assert error.message[0].isupper() or error.message.startswith("omero.example.org:4064 ")
    assert error.message.endswith(".")
    assert "{" not in error.message
    assert cls.__name__ in error.detail


@pytest.mark.parametrize(
    ("exception", "expected", "words"),
    [
        (Ice.ConnectionRefusedException(), LostError, "refuses connections"),
        (Ice.ConnectionLostException(), LostError, "was lost"),
        (Ice.InvocationTimeoutException(), LostError, "does not answer"),
        (Ice.DNSException(), FailedError, "no server named"),
        (Glacier2.PermissionDeniedException("Password check failed"), RefusedError, "password is wrong"),
        (Glacier2.PermissionDeniedException("Internal error. Please contact"), FailedError, "could not check"),
        (omero.WrappedCreateSessionException(), FailedError, "takes no new sessions"),
        (omero.ExpiredCredentialException(), RefusedError, "expired"),
        (omero.RemovedSessionException(), RefusedError, "has ended"),
        (omero.ReadOnlyGroupSecurityViolation(), FailedError, "not allowed"),
        (omero.OptimisticLockException(), FailedError, "Somebody else"),
        (ValueError("x"), FailedError, "unexpected"),
        (Ice.BadMagicException(), LostError, "garbled"),
        (Ice.ConnectionNotValidatedException(), LostError, "garbled"),
        (Ice.MemoryLimitException(), FailedError, "too large"),
        (Ice.UnmarshalOutOfBoundsException(), FailedError, "cannot read"),
        (Ice.ForcedCloseConnectionException(), LostError, "was lost"),
        (Ice.CommunicatorDestroyedException(), LostError, "was lost"),
        (RuntimeError("timer destroyed"), LostError, "was lost"),
        (RuntimeError("something else"), FailedError, "unexpected"),
        (Ice.ObjectNotExistException(), LostError, "has ended"),
        (Ice.OperationNotExistException(), FailedError, "too old"),
        (Glacier2.SessionNotExistException(), LostError, "has ended"),
        (omero.SessionTimeoutException(), LostError, "idle for too long"),
        (omero.ShutdownInProgress(), LostError, "shutting down"),
        (omero.InternalException(), FailedError, "failed to answer"),
        (omero.NoProcessorAvailable(), FailedError, "no processor"),
        (omero.ResourceError(), FailedError, "its disk"),
        (omero.ClientError("No session"), LostError, "was lost"),
        (MemoryError(), FailedError, "not enough memory"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_that_an_exception_gets_its_own_words(exception: Exception, expected: type[GatewayError], words: str) -> None:
    error = classify(exception, "omero.example.org:4064")
    assert type(error) is expected
    assert words in error.message


def test_that_what_the_server_said_is_the_detail() -> None:
    assert "division by zero" in classify(omero.QueryException(message="division by zero")).detail


def test_that_an_error_of_the_family_stays_itself() -> None:
    error = FailedError("No.")
    assert classify(error) is error


@pytest.mark.parametrize(
    ("exception", "seconds"),
    [
        (omero.ConcurrencyException(), 0.0),
        (omero.ConcurrentModification(), 0.0),
        (omero.DatabaseBusyException(backOff=0), 0.0),
        (omero.TryAgain(backOff=1500), 1.5),
        (omero.LockTimeout(backOff=250), 0.25),
        (omero.MissingPyramidException(backOff=90_000), 90.0),
        (omero.WrappedCreateSessionException(concurrency=True, backOff=1000), 1.0),
        (omero.WrappedCreateSessionException(concurrency=True, backOff=-1), 0.0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_that_a_busy_server_says_how_long_it_wants_to_be_left_alone(exception: Exception, seconds: float) -> None:
    error = classify(exception)
    assert isinstance(error, BusyError)
    assert isinstance(error, NotReadyError) is isinstance(exception, omero.MissingPyramidException)
    assert error.back_off == seconds


def test_that_only_errors_of_writes_that_were_sent_have_an_unknown_fate() -> None:
    assert classify(omero.ServerError()).fate_unknown is False
