"""The faults of the table: how each comes, how it goes, and what the user is right to expect of each operation."""

from __future__ import annotations

import asyncio
from enum import Enum

import pytest

from omero_desk.entities.errors import CertificateChangedError
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.laboratory import HOUR_MS, USER, Laboratory
from tests.faults.operations import Counting, Operation, Using
from tests.faults.proxy import Fault, Moment


class End(Enum):
    """What becomes of an operation that a fault strikes."""

    DONE = "done, if later"
    TOLD = "given up with a sentence, the session goes on"
    ASKED = "given up, and the user is asked to sign in"


class Trouble:
    """One fault. `at_sign_in` says what becomes of a sign-in that it strikes, `otherwise` of all else."""

    name = ""
    at_sign_in = End.TOLD
    otherwise = End.DONE

    def __init__(self, laboratory: Laboratory, service: ServiceManager) -> None:
        self.laboratory = laboratory
        self.proxy = laboratory.proxy
        self.admin = laboratory.admin
        self.service = service

    def end_of(self, operation: Operation) -> End:
        """What is right."""
        return self.at_sign_in if operation.signs_in else self.otherwise

    async def arm(self, operation: Operation) -> None:
        """Let it strike, at the operation's next request if it makes one."""
        raise NotImplementedError

    async def go(self) -> None:
        """Wait until it has struck, and take it away."""

    async def make_good(self) -> None:
        """What the user or the administrator does about it, before the operation is tried anew."""

    async def let_an_hour_pass(self, operation: Operation) -> None:
        """On both sides: the client's clock goes on too, while nothing is heard of the server."""
        await operation.rest()
        connection = self.service._keeper.connection
        if connection is not None:
            connection.last_heard -= HOUR_MS / 1000
        await asyncio.to_thread(self.admin.let_an_hour_pass)

    @property
    def session(self) -> str:
        """The key of the manager's session, "" before the sign-in."""
        return self.service.account.session if self.service.account is not None else ""


class LineTrouble(Trouble):
    """The proxy's faults."""

    fault = Fault.PASS
    moment = Moment.REQUEST
    after = 0
    amount = 0.0

    async def arm(self, operation: Operation) -> None:
        moment = Moment.NOW if operation.at_rest else self.moment
        self.proxy.arm(self.fault, moment, after=self.after, amount=self.amount)

    async def go(self) -> None:
        assert await self.proxy.struck()
        await self.noticed()
        self.proxy.heal()
        self.service.retry_now()

    async def noticed(self) -> None:
        """What has to happen before the line is back."""


class Refused(LineTrouble):
    name, fault = "refuse", Fault.REFUSE


class Reset(LineTrouble):
    name, fault = "reset", Fault.RESET


class HalfClosed(LineTrouble):
    name, fault = "half-close", Fault.HALF_CLOSE


class BlackHole(LineTrouble):
    name, fault = "black hole", Fault.BLACK_HOLE


class Held(LineTrouble):
    """For less time than anybody's patience."""

    name, fault, at_sign_in = "held up", Fault.HOLD, End.DONE


class Delayed(LineTrouble):
    name, fault, amount, at_sign_in = "delay", Fault.DELAY, 0.01, End.DONE


class Trickle(LineTrouble):
    name, fault, at_sign_in = "trickle", Fault.TRICKLE, End.DONE

    async def go(self) -> None:
        assert await self.proxy.struck()  # and trickles on to the end


class Cut(LineTrouble):
    name, fault, moment, after = "cut in the middle of a reply", Fault.RESET, Moment.REPLY, 20


class Garbage(LineTrouble):
    name, fault = "garbage", Fault.GARBAGE


class Restarted(Trouble):
    """The server is killed when the request comes in, and started again; it then knows of no session."""

    name = "server killed and restarted"

    async def arm(self, operation: Operation) -> None:
        self.proxy.arm(Fault.REFUSE, Moment.NOW if operation.at_rest else Moment.REQUEST)

    async def go(self) -> None:
        assert await self.proxy.struck()
        await asyncio.to_thread(self._restart)
        self.proxy.heal()
        self.service.retry_now()

    def _restart(self) -> None:
        self.laboratory.kill()
        self.laboratory.start_again()


class CertificateChanged(Restarted):
    name = "certificate changed"
    otherwise = End.ASKED

    async def arm(self, operation: Operation) -> None:
        if operation.signs_in:
            await self.service.sign_in(self.laboratory.sign_in())  # so that there is one to differ from
            await self.service.sign_out()
        self.laboratory.kill()
        self.laboratory.change_certificate()
        self.laboratory.start_again()

    async def go(self) -> None:
        self.service.retry_now()

    async def make_good(self) -> None:
        """The user compares the fingerprints, and takes the new one."""
        with pytest.raises(CertificateChangedError) as changed:
            await self.service.sign_in(self.laboratory.sign_in())
        assert self.service.certificates is not None
        self.service.certificates.accept(changed.value.server, changed.value.presented)
        await self.service.sign_in(self.laboratory.sign_in())


class Killed(Trouble):
    name = "session killed by an administrator"
    otherwise, at_sign_in = End.ASKED, End.DONE

    async def arm(self, operation: Operation) -> None:
        if self.session:
            await asyncio.to_thread(self.admin.kill, self.session)

    async def make_good(self) -> None:
        if self.service.account is None or self.service.state.name == "SIGN_IN_NEEDED":
            await self.service.sign_in(self.laboratory.sign_in())


class IdleTooLong(Trouble):
    name, at_sign_in = "idle time-out", End.DONE

    async def arm(self, operation: Operation) -> None:
        await self.let_an_hour_pass(operation)


class Slept(LineTrouble):
    """A laptop that slept for an hour: the line is dead, and the session idled out."""

    name, at_sign_in = "clock jump", End.DONE

    async def arm(self, operation: Operation) -> None:
        await self.let_an_hour_pass(operation)
        self.proxy.arm(Fault.BLACK_HOLE, once=True)  # the lines that were open


class PasswordChanged(Trouble):
    name = "password changed"
    otherwise = End.ASKED

    async def arm(self, operation: Operation) -> None:
        await asyncio.to_thread(self.admin.change_password, USER, "another")
        await self.let_an_hour_pass(operation)

    async def make_good(self) -> None:
        self.laboratory.password = "another"
        await self.service.sign_in(self.laboratory.sign_in())


class RemovedFromGroup(Trouble):
    name = "removed from the group"
    otherwise = End.TOLD

    def end_of(self, operation: Operation) -> End:
        """Counts go over all groups, and a service asks for none."""
        return End.DONE if isinstance(operation, Counting | Using) else super().end_of(operation)

    async def arm(self, operation: Operation) -> None:
        await asyncio.to_thread(self._set_member, False)

    async def make_good(self) -> None:
        await asyncio.to_thread(self._set_member, True)

    def _set_member(self, member: bool) -> None:
        library = self.laboratory.library
        self.admin.set_member(library.ada, library.group, member=member)


class Busy(Trouble):
    """The server throws the same at each of its operations, once."""

    error = ""
    at_the_door = ""
    calls = ("createSession", "projection", "saveAndReturnObject", "activate")

    async def arm(self, operation: Operation) -> None:
        orders = ";".join(f"{call}={self.error}*1:20" for call in self.calls)
        if operation.signs_in:
            orders = f"createSession={self.at_the_door or self.error}*1:20"
        await asyncio.to_thread(self.admin.set, "desk.faults", orders)

    async def make_good(self) -> None:
        await asyncio.to_thread(self.admin.set, "desk.faults", "")


class BackOff(Busy):
    name, error, at_sign_in = "ConcurrencyException", "ConcurrencyException", End.DONE


class DatabaseBusy(Busy):
    name, error, at_the_door = "database down", "DatabaseBusyException", "PermissionDeniedException"


class InternalError(Busy):
    name, error = "InternalException", "InternalException"
    otherwise = End.TOLD


class Full(Trouble):
    """The session has idled out, and the server has no room for another one yet."""

    name = "too many sessions"

    async def arm(self, operation: Operation) -> None:
        await self.let_an_hour_pass(operation)
        await asyncio.to_thread(self.admin.set, "desk.sessions.maximum", 1)  # root's own

    async def go(self) -> None:
        refused = asyncio.Event()
        self.service.on_status(lambda status: refused.set() if status.tries else None)
        if self.session:
            self.service.retry_now()  # has the line looked at, where nobody does anything
            await asyncio.wait_for(refused.wait(), 20)
            await self.make_good()
            self.service.retry_now()

    async def make_good(self) -> None:
        await asyncio.to_thread(self.admin.set, "desk.sessions.maximum", 0)


TROUBLES: tuple[type[Trouble], ...] = (
    Refused,
    Reset,
    HalfClosed,
    BlackHole,
    Held,
    Delayed,
    Trickle,
    Cut,
    Garbage,
    Killed,
    IdleTooLong,
    Slept,
    PasswordChanged,
    RemovedFromGroup,
    BackOff,
    DatabaseBusy,
    InternalError,
    Full,
    Restarted,
    CertificateChanged,
)
