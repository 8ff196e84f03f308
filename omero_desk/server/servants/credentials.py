"""The part of IAdmin that changes passwords."""

from __future__ import annotations

from typing import Any

from omero.rtypes import unwrap

from omero_desk.server.access.privileges import MODIFY_USER
from omero_desk.server.database.passwords import remove_password, set_password
from omero_desk.server.servants.administration import AdministrationService, require
from omero_desk.server.sign_in import may_sign_in
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation


class CredentialsService(AdministrationService):
    """Who joined a session by its uuid has given no password, and changes none without the old one."""

    def changePassword(self, call: Call, password: Any) -> None:
        """Change the caller's own password."""
        _password_given(call)
        self._set_password(call.session.user_id, password)

    def changePasswordWithOldPassword(self, call: Call, old: Any, new: Any) -> None:
        """Change the caller's own password, given the old one."""
        if unwrap(old) is None:
            raise api_usage("The old password may not be null.")
        with self.backend.store.read() as connection:
            if not may_sign_in(connection, call.session.user_id, old.val):
                raise security_violation("Old password is invalid")
        self._set_password(call.session.user_id, new)

    def changeUserPassword(self, call: Call, name: str, password: Any) -> None:
        """Change a user's password, as an administrator who has all the privileges that the user has."""
        _password_given(call)
        user_id = self.user_named(call, name).id.val
        require(call, MODIFY_USER)
        if not self.privileges_of(user_id) <= call.caller.privileges:
            raise security_violation("Cannot change the password of a more privileged user.")
        self._set_password(user_id, password)

    def reportForgottenPassword(self, call: Call, name: str, email: str) -> None:
        """Refuse, whoever it is: this server sends no mail."""
        raise security_violation("This server sends no mail. Please ask an administrator for a new password.")

    def _set_password(self, user_id: int, password: Any) -> None:
        """Null keeps the user from signing in; OMERO's empty password, which fits anything, is not taken here."""
        text = unwrap(password)
        if text == "":
            raise api_usage("A password may not be empty.")
        with self.backend.write() as connection:
            if text is None:
                remove_password(connection, user_id)
            else:
                set_password(connection, user_id, text)


def _password_given(call: Call) -> None:
    if not call.client.gave_password:
        raise security_violation("Bad authentication credentials for this action: sign in with your password.")
