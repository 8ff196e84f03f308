"""Signing in, as observable state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.connection_states import State, Status
from omero_desk.entities.errors import CertificateChangedError
from omero_desk.entities.known_server import KnownServer
from omero_desk.entities.objects import Account, SignIn
from omero_desk.entities.sentences import mark
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.connection.address import ServerAddress, parse_address
from omero_desk.models.connection.sign_in import FormError, SignInFailure, SignInForm, failure_of
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import say, translate

Progress = Callable[[str, float], None]
"""Takes the current step in words, and the progress from 0 to 1, or `UNKNOWN`."""

UNKNOWN: Final = -1.0
_REMEMBERED: Final = 20
_REMEMBERED_FOLDERS: Final = 10
_DEMO_NAME: Final = mark("Connection", "Demo library")
_ATTEMPT: Final = "attempt"


@dataclass(frozen=True, slots=True)
class Entrance:
    """The address and the account to sign in with at a local server."""

    address: ServerAddress
    user: str
    password: str = field(repr=False)


class LocalServers(Protocol):
    """Starts the servers on this computer: that of the demo library, and that of a folder."""

    async def start(self, progress: Progress) -> Entrance:
        """Start the demo library's server if it does not run yet, and return how to enter. Raises GatewayError."""

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        """Start the server of a folder if it does not run yet, and return how to enter. Raises GatewayError."""

    def stop_all_but(self, address: ServerAddress | None) -> None:
        """End those servers that were started here, but for the one at `address`."""


class Passwords(Protocol):
    """The system's store for passwords."""

    async def problem(self) -> str:
        """Return why passwords cannot be kept, in a sentence; "" if they can."""

    async def find(self, server: str, user: str) -> str:
        """Return the password, "" if there is none."""

    async def keep(self, server: str, user: str, password: str) -> None:
        """Store a password in place of the old one."""

    async def forget(self, server: str, user: str) -> None:
        """Remove a password, if there is one."""


class ConnectionModel(TaskOwner, QObject):
    """Signs in and out; one sign-in at a time, and a new one ends the old.

    `known` are the servers and `folders` the folders that were used before, the latest first; `folder` is the open one,
    "" on a server. `progress` is the step of the sign-in under way and how far that is, None without one.
    `before_leaving` gets what to do once the account that is signed in may be left.
    `certificate_changed` comes in place of `failed`, with the error, if a server shows another certificate than before.
    """

    changed = Signal()
    progressed = Signal(str, float)
    failed = Signal(SignInFailure)
    certificate_changed = Signal(CertificateChangedError)
    cancelled = Signal()
    signed_in = Signal(Account)
    remembered = Signal()
    password_found = Signal(str, str, str)
    keyring_answered = Signal(str)

    def __init__(
        self,
        service: ServiceManager,
        library: LocalServers,
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
        self.before_leaving: Callable[[Callable[[], None]], None] = lambda go_on: go_on()
        self._service = service
        self._library = library
        self._address: ServerAddress | None = None
        self._passwords = passwords
        self._tasks = Tasks(report)
        service.on_status(self._follow)

    @property
    def status(self) -> Status:
        """The state of the connection, with what happened and what is being done."""
        return self._service.status

    @property
    def state(self) -> State:
        """The state of the connection."""
        return self._service.state

    @property
    def busy(self) -> bool:
        """True while a sign-in is under way."""
        return self.progress is not None

    def sign_in(self, form: SignInForm) -> None:
        """Start a sign-in; `signed_in`, `failed` or `cancelled` follows."""
        try:
            request = form.request()
        except FormError as error:
            self.failed.emit(SignInFailure(str(error), where=error.where))
            return
        is_here = (str(parse_address(form.server)), request.user) == (self.server, self._user())
        is_back = is_here and not self.folder and not self.status.is_other
        self._leave(lambda: self._begin(partial(self._sign_in, form, request), request), is_back)

    def open_demo(self) -> None:
        """Start the demo library's server, and sign in there."""
        self._leave(lambda: self._begin(self._open_demo), (self.server, self.folder) == (say(_DEMO_NAME), ""))

    def open_folder(self, folder: str) -> None:
        """Start the server of a folder's library, and sign in there."""
        self._leave(lambda: self._begin(partial(self._open_folder, folder)), self.folder == folder)

    def cancel(self) -> None:
        """Cancel the sign-in at once, whatever it waits for."""
        if self._give_up():
            self._stop_unused()
            self.cancelled.emit()

    def sign_out(self) -> None:
        """Leave the server; the service closes the session in the background. A server started here ends with it."""
        self._leave(self._sign_out)

    def _sign_out(self) -> None:
        self._give_up()
        self.account = None
        self.server = ""
        self.folder = ""
        self._address = None
        self._tasks.start("sign out", self._close_session())
        self.changed.emit()

    def retry_now(self) -> None:
        """Try at once to restore a lost connection, before the next try is due; nothing happens while it is up."""
        self._service.retry_now()

    def trust(self, error: CertificateChangedError) -> None:
        """Trust the certificate that a server presented, for the next sign-in and from then on."""
        if self._service.certificates is not None:
            self._service.certificates.accept(error.server, error.presented)

    def look_up_password(self, server: str, user: str) -> None:
        """Ask the keyring; `password_found(server, user, password)` follows if it has the password."""
        self._tasks.start("password", self._look_up_password(server, user))

    def ask_for_keyring(self) -> None:
        """Ask the keyring; `keyring_answered(problem)` follows, with "" if passwords can be remembered."""
        self._tasks.start("keyring", self._ask_for_keyring())

    @override
    def cancel_all(self) -> None:
        self.progress = None
        super().cancel_all()

    async def _close_session(self) -> None:
        await self._service.sign_out()
        if _ATTEMPT not in self._tasks:  # else the server that starts there must stay
            self._stop_unused()

    def _stop_unused(self) -> None:
        """End the servers that were started here and that nobody is signed in to: all windows share one connection."""
        self._library.stop_all_but(self._address)

    def _leave(self, go_on: Callable[[], None], is_back: bool = False) -> None:
        """Go on once the account may be left; at once if nobody is signed in, or the user only comes back."""
        if self.account is None or is_back:
            go_on()
        else:
            self.before_leaving(go_on)

    def _begin(self, work: Callable[[], Awaitable[None]], request: SignIn | None = None) -> None:
        self._tasks.start(_ATTEMPT, self._attempt(work, request))

    def _user(self) -> str:
        return self.account.user.user if self.account is not None else ""

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
        await self._enter(await self._library.start(self._tell), say(_DEMO_NAME))

    async def _open_folder(self, folder: str) -> None:
        entrance = await self._library.open_folder(folder, self._tell)
        await self._enter(entrance, Path(folder).name or folder, folder)
        self.folders = (folder, *(other for other in self.folders if other != folder))[:_REMEMBERED_FOLDERS]
        self.remembered.emit()

    async def _enter(self, entrance: Entrance, name: str, folder: str = "") -> None:
        """Sign in to a local server, whatever certificate another one presented at its address before."""
        request = SignIn(entrance.address.host, entrance.address.port, entrance.user, entrance.password)
        try:
            await self._join(request, name, folder)
        except CertificateChangedError as error:
            self.trust(error)
            await self._join(request, name, folder)

    async def _join(self, request: SignIn, server: str, folder: str = "") -> Account:
        self._tell(translate("Connection", "Connecting to {server}…").format(server=server))
        account = await self._service.sign_in(request, lambda doing: self._tell(say(doing)))
        self.account = account
        self.server = server
        self.folder = folder
        self.progress = None
        self._address = ServerAddress(request.host, request.port)
        self._stop_unused()
        self.changed.emit()
        self.signed_in.emit(account)
        return account

    def _tell(self, text: str, fraction: float = UNKNOWN) -> None:
        if _ATTEMPT in self._tasks:  # a cancelled attempt may still report its progress
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
            self._stop_unused()
            self.certificate_changed.emit(error)
        except Exception as error:  # noqa: BLE001 - the dialog shows every failure, and goes on
            self.progress = None
            self._stop_unused()
            self.failed.emit(failure_of(error, request))

    def _give_up(self) -> bool:
        self.progress = None
        return self._tasks.cancel(_ATTEMPT)

    def _follow(self, _status: Status) -> None:
        self.changed.emit()
