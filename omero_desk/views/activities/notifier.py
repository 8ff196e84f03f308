"""Notifications of the desktop: a long activity has ended while one was doing something else."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from omero_desk.models.activities import ActivitiesModel, Activity, ActivityState

LONG: Final = 30.0
"""Seconds that an activity has to have taken."""
_SERVICE: Final = "org.freedesktop.portal.Desktop"
_PATH: Final = "/org/freedesktop/portal/desktop"
_INTERFACE: Final = "org.freedesktop.portal.Notification"
_BUS: Final = "DBUS_SESSION_BUS_ADDRESS"


class Notifies(Protocol):
    """Tells somebody who looks elsewhere."""

    def notify(self, identity: str, title: str, text: str) -> object:
        """Show a notification; another one with the same identity takes its place."""


class PortalNotifier:
    """Uses the desktop's portal on D-Bus (org.freedesktop.portal.Notification, version 1: texts are plain).

    Where there is no bus or no portal, nothing happens. The older org.freedesktop.Notifications wants a number without
    sign of 32 bits, which PySide cannot send; nor can it receive what the portal says of a click.
    """

    def __init__(self) -> None:
        self._bus: QDBusConnection | None = None

    def notify(self, identity: str, title: str, text: str) -> bool:
        """Send it, without waiting for an answer; returns whether there is a bus to send it on."""
        if _BUS not in os.environ:
            return False
        if self._bus is None:
            self._bus = QDBusConnection.sessionBus()
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "AddNotification")
        message.setArguments([identity, {"title": title, "body": text}])
        return bool(self._bus.isConnected() and self._bus.send(message))


class EndNotices(QObject):
    """Tells of the end of what took long, but not of what the user cancelled, and not if the window is in front."""

    def __init__(
        self, model: ActivitiesModel, is_in_front: Callable[[], bool], notifier: Notifies, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._is_in_front, self._notifier = is_in_front, notifier
        model.ended.connect(self._tell)

    def _tell(self, one: Activity) -> None:
        if one.seconds > LONG and one.state is not ActivityState.CANCELLED and not self._is_in_front():
            self._notifier.notify(f"activity-{one.number}", one.title, one.small)
