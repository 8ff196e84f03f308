"""IRepositoryInfo: how much room there is."""

from __future__ import annotations

import shutil

from omero_desk.server.call import Call
from omero_desk.server.servants.base import Service


class RepositoryInfoService(Service):
    """The rest of the interface has been taken out of OMERO too."""

    def getFreeSpaceInKilobytes(self, call: Call) -> int:
        """Return the free space of the disk that holds the library, in KiB."""
        return shutil.disk_usage(self.backend.store.folder).free // 1024
