"""The server's configuration, as IConfig tells it to clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from omero_desk.server.expressions import Expression

VERSION: Final = "5.6.17"  # the release of OMERO.server whose behaviour this server follows

_DEFAULTS: Final[Mapping[str, str]] = {
    "omero.version": VERSION,
    "omero.sessions.timeout": "600000",
    "omero.sessions.max_user_time_to_idle": "6000000",
    "omero.sessions.max_user_time_to_live": "0",
    "omero.query.timeout": "60",  # seconds; OMERO's are 1,000
    "omero.query.timeout.admin": "",  # those of omero.query.timeout
    "desk.sessions.maximum": "0",  # how many may be open at a time; 0 is any number
    "desk.sessions.user_maximum": "500",  # the same for what one user opened, and for a user's connections
    "desk.faults.clock": "0",
    "desk.guests": "false",  # whether guest may sign in, with any password; never in a folder's library
    "desk.files.workers": "true",  # whether files are read in processes of their own, within limits
    "desk.folder.watch": "true",  # whether the system is asked to tell what happens in a folder
    "desk.folder.poll": "30000",  # milliseconds between two looks at a folder that nothing seems to happen in
    "omero.pixeldata.max_plane_width": "3192",
    "omero.pixeldata.max_plane_height": "3192",
    "omero.router.insecure": "",
    "omero.upgrades.url": "",  # "" keeps clients from asking far away whether there is a newer OMERO
    "omero.mail.config": "false",
    "omero.security.login_failure_throttle_count": "1",
    "omero.security.login_failure_throttle_time": "3000",  # milliseconds
    "omero.security.password_required": "true",
    "omero.policy.binary_access": "+read,+write,+image,+plate",
    "omero.client.ui.menu.dropdown.colleagues.label": "Members",
    "omero.client.ui.menu.dropdown.colleagues.enabled": "true",
    "omero.client.ui.menu.dropdown.leaders.label": "Owners",
    "omero.client.ui.menu.dropdown.leaders.enabled": "true",
    "omero.client.ui.menu.dropdown.everyone.label": "All Members",
    "omero.client.ui.menu.dropdown.everyone.enabled": "true",
    "omero.client.ui.tree.orphans.name": "Orphaned Images",
    "omero.client.ui.tree.orphans.enabled": "true",
    "omero.client.ui.tree.orphans.description": "Images that are in no dataset, plate or folder.",
    "omero.client.ui.tree.type_order": "tagset,tag,project,dataset,screen,plate,acquisition,image",
    "omero.client.browser.thumb_default_size": "96",
    "omero.client.download_as.max_size": "144000000",
    "omero.client.scripts_to_ignore": "",
    "omero.client.viewer.initial_zoom_level": "0",
    "omero.client.viewer.interpolate_pixels": "true",
    "omero.client.viewer.roi_limit": "2000",
    "omero.client.web.host": "",
}
_CLIENT: Final = "omero.client."
_FOR_EVERYBODY: Final = ("omero.client.", "omero.pixeldata.", "omero.policy.", "omero.cluster.")
_OPEN: Final = frozenset(  # as omero-common's config.xml has it
    {
        "omero.bioformats.date",
        "omero.bioformats.vcs_revision",
        "omero.bioformats.version",
        "omero.db.authority",
        "omero.db.uuid",
        "omero.mail.config",
        "omero.qa.feedback",
        "omero.router.insecure",
        "omero.security.password_required",
        "omero.server.nodedescriptors",
        "omero.sessions.max_user_time_to_idle",
        "omero.sessions.max_user_time_to_live",
        "omero.sessions.maximum",
        "omero.sessions.timeout",
        "omero.upgrades.url",
        "omero.version",
    }
)


class Configuration:
    """Settings by their OMERO names; every value is text."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = dict(settings)

    def get(self, key: str) -> str:
        """Return a value, "" if there is none."""
        return self._settings.get(key, _DEFAULTS.get(key, ""))

    def has(self, key: str) -> bool:
        """Tell whether somebody set a value, be it an empty one."""
        return key in self._settings

    def number(self, key: str) -> int:
        """Return a value as a whole number; raises ValueError that names the setting."""
        try:
            return int(self.get(key), 0)
        except ValueError:
            raise ValueError(f"{key} must be a whole number, not {self.get(key)!r}.") from None

    def set(self, key: str, value: str) -> None:
        """Change a setting until the server stops."""
        self._settings[key] = value

    def is_open(self, key: str) -> bool:
        """Tell whether any user may read a setting."""
        return key in _OPEN or key.startswith(_FOR_EVERYBODY)

    def matching(self, pattern: str) -> dict[str, str]:
        """Return the settings with a match of a regular expression in their names.

        Raises expressions.ExpressionError for what is none.
        """
        expression = Expression(pattern)
        return {key: value for key, value in self._all().items() if expression.is_in(key)}

    def for_clients(self) -> dict[str, str]:
        """Return the settings that are meant for client programs."""
        return {key: value for key, value in self._all().items() if key.startswith(_CLIENT)}

    @staticmethod
    def client_defaults() -> dict[str, str]:
        """Return the settings meant for client programs as they are when nobody changed them."""
        return {key: value for key, value in _DEFAULTS.items() if key.startswith(_CLIENT)}

    @staticmethod
    def defaults() -> dict[str, str]:
        """Return all settings as they are when nobody changed them."""
        return dict(_DEFAULTS)

    def _all(self) -> dict[str, str]:
        return {**_DEFAULTS, **self._settings}
