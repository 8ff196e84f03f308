"""The part of IAdmin that changes passwords."""

from __future__ import annotations

import omero
from omero.rtypes import unwrap

from omero_desk.server.access.privileges import MODIFY_USER
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.database.passwords import remove_password, set_password
from omero_desk.server.errors import api_usage, security_violation
from omero_desk.server.servants.admin.administration import AdministrationService, require
from omero_desk.server.sign_in import may_sign_in


class CredentialsService(AdministrationService):
    """A client that joined a session by its uuid gave no password, so it must give the old one to change it."""

    def changePassword(self, call: Call, password: omero.RString) -> None:
        """Change the caller's own password, which a guest has none of."""
        _password_given(call)
        if call.session.user_id == GUEST_ID:
            raise security_violation("Access denied to guest user: changePassword")
        self._set_password(call.session.user_id, password)

    def changePasswordWithOldPassword(self, call: Call, old: omero.RString, new: omero.RString) -> None:
        """Change the caller's own password, given the old one."""
        if unwrap(old) is None:
            raise api_usage("The old password may not be null.")
        with self.backend.store.read() as connection:
            if not may_sign_in(connection, call.session.user_id, old.val):
                raise security_violation("Old password is invalid")
        self._set_password(call.session.user_id, new)

    def changeUserPassword(self, call: Call, name: str, password: omero.RString | None) -> None:
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

    def _set_password(self, user_id: int, password: omero.RString | None) -> None:
        """Set a password; null and the blank one keep the user out (PasswordUtil, where a password is required)."""
        text = unwrap(password) or ""
        with self.backend.write() as connection:
            if text.strip():
                set_password(connection, user_id, text)
            else:
                remove_password(connection, user_id)


def _password_given(call: Call) -> None:
    if not call.client.gave_password:
        raise security_violation("Bad authentication credentials for this action: sign in with your password.")
