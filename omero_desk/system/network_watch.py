"""Tells when the network is back: after a sleep, another cable, a tunnel."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

log = logging.getLogger(__name__)

Reachability = QNetworkInformation.Reachability

_UP: Final = (Reachability.Local, Reachability.Site, Reachability.Online)


class Network(QObject):
    """Calls `back` when the system says that it can reach something again, or something else than before.

    A system that cannot say so costs nothing: then the usual turns have to do.
    """

    def __init__(self, back: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._back = back
        self._information = _information()
        if self._information is not None:
            self._information.reachabilityChanged.connect(self.tell)

    def tell(self, reachability: QNetworkInformation.Reachability) -> None:
        """Take news of how far the network reaches."""
        if reachability in _UP:
            log.info("the network is back: %s", reachability.name)
            self._back()


def _information() -> QNetworkInformation | None:
    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
        log.info("this system does not tell when the network is back")
        return None
    return QNetworkInformation.instance()
