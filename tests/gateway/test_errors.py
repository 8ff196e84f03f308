"""What every exception means."""

import builtins

import Glacier2
import Ice
import omero
import omero.all  # defines the exceptions
import pytest

from omero_desk.gateway.errors import (
    _RULES,
    FailedError,
    GatewayError,
    LostError,
    RefusedError,
    classify,
)

MODULES = {"Ice": Ice, "Glacier2": Glacier2, "omero": omero, "builtins": builtins}


@pytest.mark.parametrize("name", _RULES)
def test_that_every_rule_names_an_exception_that_exists(name: str) -> None:
    module, _, cls = name.partition(".")
    assert issubclass(getattr(MODULES[module], cls), Exception)


def subclasses(cls: type) -> set[type]:
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
