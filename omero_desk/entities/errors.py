"""The errors that a request can end with, as the user meets them."""

from __future__ import annotations

from omero_desk.entities.sentences import Sentence, Text, mark


class GatewayError(Exception):
    """Base of the family: `sentence` is a plain one for the user, `detail` the technical text behind it.

    `said` is a marked text, in which `values` stand, or what a server said.
    """

    def __init__(self, said: Text | Sentence | str, detail: str = "", **values: object) -> None:
        self.sentence = Sentence.of(said, **values)
        super().__init__(self.message)
        self.detail = detail
        self.fate_unknown = False
        """Of a write: True if it may have got there all the same."""

    @property
    def message(self) -> str:
        """The sentence in English, for logs."""
        return str(self.sentence)


class LostError(GatewayError):
    """The connection or the server is gone, perhaps for a moment: reconnect, and repeat what only reads."""


class RefusedError(GatewayError):
    """The server does not know us any more, or never will: ask to sign in, keep the window as it is."""


class CertificateChangedError(RefusedError):
    """The server shows another certificate than before: `known` and `presented` are SHA-256 fingerprints."""

    SAYS = mark(
        "Connection",
        "{server} shows another certificate than before. Either it was renewed, or somebody else answers in its"
        " place; no password was sent.",
    )

    def __init__(self, server: str, known: str, presented: str) -> None:
        super().__init__(self.SAYS, f"known: {known}, now: {presented}", server=server)
        self.server, self.known, self.presented = server, known, presented


class CertificateForgottenError(CertificateChangedError):
    """The certificate that the server showed before is in a damaged file, if there was one; `kept` is its path."""

    SAYS = mark(
        "Connection",
        "OMERO Desk cannot read which certificate {server} showed before. Either it shows the same now, or somebody"
        " else answers in its place; no password was sent.",
    )

    def __init__(self, server: str, presented: str, kept: str) -> None:
        super().__init__(server, "", presented)
        self.detail = f"the damaged list is kept as {kept}; now: {presented}"
        self.kept = kept


class UntrustedCertificateError(RefusedError):
    """The server's certificate is not one that the system trusts, or is not for this name."""

    def __init__(self, server: str, detail: str = "") -> None:
        text = mark("Connection", "This computer does not trust the certificate of {server}; no password was sent.")
        super().__init__(text, detail, server=server)


class OtherDatabaseError(RefusedError):
    """At the address of the server that was lost, another database answers, or knows the user as somebody else."""

    def __init__(self, server: str, detail: str = "") -> None:
        text = mark(
            "Connection",
            "{server} has another database than before, so this is another account. Sign in to use it; edits that are"
            " not saved are kept for the account that they were made for.",
        )
        super().__init__(text, detail, server=server)


class OtherAccountError(RefusedError):
    """The call is for an account that is not signed in any more: it is not sent, and must not be sent as another."""


class FailedError(GatewayError):
    """This one call did not work; the session is as good as before."""


class StoppedError(FailedError):
    """The user gave it up while it was under way, and nothing of it is left, unless the sentence says so."""


class BusyError(FailedError):
    """The server cannot do it now; `back_off` is how many seconds it asks to wait, 0 if it does not say."""

    def __init__(self, said: Text | Sentence | str, detail: str = "", back_off: float = 0.0, **values: object) -> None:
        super().__init__(said, detail, **values)
        self.back_off = back_off


class NotReadyError(BusyError):
    """Pixels that the server still makes a pyramid of, or that are still being imported: that may take hours."""


class NotAMemberError(FailedError):
    """The group that was asked for is not one of the user's, or not any more."""


class GivenUpError(LostError):
    """A call took longer than the patience for its kind, and its lane goes on without it."""
