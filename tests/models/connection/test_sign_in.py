"""The form to sign in with."""

import uuid

import pytest

from omero_desk.entities.errors import FailedError, LostError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.models.connection.sign_in import FormError, SignInField, SignInForm, failure_of


def test_that_a_filled_form_asks_for_a_new_session() -> None:
    form = SignInForm(" omero.example.org:14064 ", " ada ", "se cret ", " lab ")
    assert form.request() == SignIn("omero.example.org", 14064, "ada", "se cret ", "lab")


def test_that_a_session_id_without_a_password_joins_the_session() -> None:
    session = str(uuid.uuid4())
    request = SignInForm("omero.example.org", session).request()
    assert (request.session, request.user, request.password) == (session, "", "")


def test_that_a_session_id_with_a_password_is_a_user_name() -> None:
    session = str(uuid.uuid4())
    request = SignInForm("omero.example.org", session, session).request()
    assert (request.session, request.user) == ("", session)


@pytest.mark.parametrize(
    ("form", "where"),
    [
        (SignInForm("", "ada", "secret"), SignInField.SERVER),
        (SignInForm("not a name", "ada", "secret"), SignInField.SERVER),
        (SignInForm("omero.example.org", "  ", "secret"), SignInField.USER),
        (SignInForm("omero.example.org", "ada", ""), SignInField.PASSWORD),
    ],
)
def test_that_a_form_with_a_gap_says_which_field_it_is(form: SignInForm, where: SignInField) -> None:
    with pytest.raises(FormError) as raised:
        form.request()
    assert raised.value.where is where


def test_that_a_password_never_shows_in_a_repr() -> None:
    form = SignInForm("omero.example.org", "ada", "secret")
    assert "secret" not in f"{form!r}{form.request()!r}"


@pytest.mark.parametrize(
    ("error", "request_", "where"),
    [
        (RefusedError("no"), SignIn("h", user="ada", password="x"), SignInField.PASSWORD),
        (RefusedError("no"), SignIn("h", session="x"), SignInField.USER),
        (LostError("no"), SignIn("h", user="ada", password="x"), SignInField.SERVER),
        (FailedError("no"), SignIn("h", user="ada", password="x"), SignInField.SERVER),
        (FailedError("no"), None, None),
        (ZeroDivisionError("no"), SignIn("h"), None),
    ],
)
def test_that_a_failure_points_at_the_field_that_caused_it(
    error: Exception, request_: SignIn | None, where: SignInField | None
) -> None:
    failure = failure_of(error, request_)
    assert failure.where is where
    assert failure.message
