"""Signing in, as observable state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, SignIn
from omero_desk.gateway.errors import CertificateChangedError
from omero_desk.gateway.service import ServiceManager, State, Status
from omero_desk.models.address import ServerAddress, parse_address
from omero_desk.models.known_server import KnownServer
from omero_desk.models.sign_in import FormError, SignInFailure, SignInForm, failure_of
from omero_desk.models.tasks import Tasks

Progress = Callable[[str, float], None]
"""Takes what is being done, and how far it is from 0 to 1, or `UNKNOWN`."""

UNKNOWN: Final = -1.0
_REMEMBERED: Final = 20
_REMEMBERED_FOLDERS: Final = 10
_DEMO: Final = "demo"
_DEMO_NAME: Final = "Demo library"
_ATTEMPT: Final = "attempt"


@dataclass(frozen=True, slots=True)
class Entrance:
    """How to sign in to a server of our own."""

    address: ServerAddress
    user: str
    password: str = field(repr=False)


class Library(Protocol):
    """Servers of our own: the demo library's, and that of a folder."""

    async def start(self, progress: Progress) -> ServerAddress:
        """Make the demo library ready, if it is not yet. Raises GatewayError."""

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        """Make the library of a folder ready, if it is not yet. Raises GatewayError."""


class Passwords(Protocol):
    """The system's store for passwords."""

    async def problem(self) -> str:
        """Why passwords cannot be kept, in a sentence; empty when they can."""

    async def find(self, server: str, user: str) -> str:
        """The password, or an empty text."""

    async def keep(self, server: str, user: str, password: str) -> None:
        """Store a password in place of the old one."""

    async def forget(self, server: str, user: str) -> None:
        """Remove a password, if there is one."""


class ConnectionModel(QObject):
    """Signs in and out; one sign-in at a time, and a new one ends the old.

    `known` are the servers and `folders` the folders where somebody was before, the newest first;
    `folder` is the one whose library this is, "" on a server.
    `progress` is what the sign-in under way does now and how far that is, None without one. `certificate_changed` comes
    in place of `failed`, with the error, where a server shows another certificate than before.
    """

    changed = Signal()
    progressed = Signal(str, float)
    failed = Signal(object)
    certificate_changed = Signal(object)
    cancelled = Signal()
    signed_in = Signal(object)
    remembered = Signal()
    password_found = Signal(str, str, str)
    keyring_answered = Signal(str)

    def __init__(
        self,
        service: ServiceManager,
        library: Library,
        passwords: Passwords,
        report: Callable[[BaseException], object],
        known: Iterable[KnownServer] = (),
        parent: QObject | None = None,
        folders: Iterable[str] = (),
    ) -> None:
        super().__init__(parent)
        self.known = tuple(known)
        self.folders = tuple(folders)
        self.account: Account | None = None
        self.server = ""
        self.folder = ""
        self.progress: tuple[str, float] | None = None
        self._service = service
        self._library = library
        self._passwords = passwords
        self._tasks = Tasks(report)
        service.on_status(self._follow)

    @property
    def status(self) -> Status:
        """How the line to the server is, and what is being done about it."""
        return self._service.status

    @property
    def state(self) -> State:
        """How the line to the server is, in a word."""
        return self._service.state

    @property
    def busy(self) -> bool:
        """Whether a sign-in is under way."""
        return self.progress is not None

    def sign_in(self, form: SignInForm) -> None:
        """Start a sign-in; `signed_in`, `failed` or `cancelled` follows."""
        try:
            request = form.request()
        except FormError as error:
            self.failed.emit(SignInFailure(str(error), where=error.where))
            return
        self._tasks.start(_ATTEMPT, self._attempt(partial(self._sign_in, form, request), request))

    def open_demo(self) -> None:
        """Start the demo library's server, and sign in there."""
        self._tasks.start(_ATTEMPT, self._attempt(self._open_demo, None))

    def open_folder(self, folder: str) -> None:
        """Start the server of a folder's library, and sign in there."""
        self._tasks.start(_ATTEMPT, self._attempt(partial(self._open_folder, folder), None))

    def cancel(self) -> None:
        """Give the sign-in up at once, whatever it waits for."""
        if self._give_up():
            self.cancelled.emit()

    def sign_out(self) -> None:
        """Leave the server; what the service still does about it happens in the background."""
        self._give_up()
        self.account = None
        self.server = ""
        self.folder = ""
        self._tasks.start("sign out", self._service.sign_out())
        self.changed.emit()

    def retry_now(self) -> None:
        """Try at once to get a lost line back, without waiting for the next turn; nothing happens on a good one."""
        self._service.retry_now()

    def trust(self, error: CertificateChangedError) -> None:
        """Take the certificate that a server presented for its own from now on; the next sign-in goes on there."""
        if self._service.certificates is not None:
            self._service.certificates.accept(error.server, error.presented)

    def look_up_password(self, server: str, user: str) -> None:
        """Ask the keyring; `password_found(server, user, password)` follows if it knows."""
        self._tasks.start("password", self._look_up_password(server, user))

    def ask_for_keyring(self) -> None:
        """Have `keyring_answered` tell why passwords cannot be remembered; nothing if they can."""
        self._tasks.start("keyring", self._ask_for_keyring())

    def cancel_all(self) -> None:
        """Give up whatever is under way; for the end of the program."""
        self.progress = None
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _sign_in(self, form: SignInForm, request: SignIn) -> None:
        server = str(parse_address(form.server))
        account = await self._join(request, server)
        if request.session:
            return
        self._remember(KnownServer(server, account.user.user, request.group, request.verify))
        if form.remember:
            self._tasks.start("keep", self._passwords.keep(server, request.user, request.password))
        else:
            self._tasks.start("keep", self._passwords.forget(server, request.user))

    async def _open_demo(self) -> None:
        await self._enter(Entrance(await self._library.start(self._tell), _DEMO, _DEMO), _DEMO_NAME)

    async def _open_folder(self, folder: str) -> None:
        entrance = await self._library.open_folder(folder, self._tell)
        await self._enter(entrance, Path(folder).name or folder, folder)
        self.folders = (folder, *(other for other in self.folders if other != folder))[:_REMEMBERED_FOLDERS]
        self.remembered.emit()

    async def _enter(self, entrance: Entrance, name: str, folder: str = "") -> None:
        """Sign in to a server of ours, though something else answered there some other time."""
        request = SignIn(entrance.address.host, entrance.address.port, entrance.user, entrance.password)
        try:
            await self._join(request, name, folder)
        except CertificateChangedError as error:
            self.trust(error)
            await self._join(request, name, folder)

    async def _join(self, request: SignIn, server: str, folder: str = "") -> Account:
        self._tell(f"Connecting to {server}…")
        account = await self._service.sign_in(request, self._tell)
        self.account = account
        self.server = server
        self.folder = folder
        self.progress = None
        self.changed.emit()
        self.signed_in.emit(account)
        return account

    def _tell(self, text: str, fraction: float = UNKNOWN) -> None:
        if _ATTEMPT in self._tasks:  # words of an attempt that was given up may still come in
            self.progress = (text, fraction)
            self.progressed.emit(text, fraction)

    def _remember(self, server: KnownServer) -> None:
        others = [old for old in self.known if (old.address, old.user) != (server.address, server.user)]
        self.known = (server, *others)[:_REMEMBERED]
        self.remembered.emit()

    async def _look_up_password(self, server: str, user: str) -> None:
        password = await self._passwords.find(server, user)
        if password:
            self.password_found.emit(server, user, password)

    async def _ask_for_keyring(self) -> None:
        self.keyring_answered.emit(await self._passwords.problem())

    async def _attempt(self, work: Callable[[], Awaitable[None]], request: SignIn | None) -> None:
        try:
            await work()
        except CertificateChangedError as error:
            self.progress = None
            self.certificate_changed.emit(error)
        except Exception as error:  # noqa: BLE001 - the dialog shows every failure, and goes on
            self.progress = None
            self.failed.emit(failure_of(error, request))

    def _give_up(self) -> bool:
        self.progress = None
        return self._tasks.cancel(_ATTEMPT)

    def _follow(self, _status: Status) -> None:
        self.changed.emit()
