"""IScript: this server has no scripts and does not run any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import omero
from omero.rtypes import rstring

from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.base import Service, parameters

_NO_SCRIPT: Final = -1


class ScriptService(Service):
    """Follows OMERO's ScriptI where that has no processor."""

    def getScripts(self, call: Call) -> list[omero.model.OriginalFile]:
        """Return no scripts."""
        return []

    def getScriptsByMimetype(self, call: Call, mimetype: str) -> list[omero.model.OriginalFile]:
        """Return the official files of a kind: lookup tables are found so ("text/x-lut")."""
        hql = "select o from OriginalFile o where o.mimetype = :mimetype and o.details.group.id = :group order by o.id"
        return self.query(call, hql, parameters(mimetype=rstring(mimetype), group=USER_GROUP_ID))

    def getUserScripts(self, call: Call, accepted: Sequence[omero.model.IObject]) -> list[omero.model.OriginalFile]:
        """Return no scripts."""
        return []

    def getScriptID(self, call: Call, path: str) -> int:
        """Return -1: there is no script of any path."""
        return _NO_SCRIPT

    def canRunScript(self, call: Call, script_id: int) -> bool:
        """Return False."""
        return False

    def getScriptText(self, call: Call, script_id: int) -> str:
        """Raise omero.ApiUsageException."""
        raise _unknown(script_id)

    def getScriptWithDetails(self, call: Call, script_id: int) -> dict[str, omero.RType | None]:
        """Raise omero.ApiUsageException."""
        raise _unknown(script_id)

    def getParams(self, call: Call, script_id: int) -> omero.grid.JobParams:
        """Raise omero.ApiUsageException."""
        raise _unknown(script_id)

    def deleteScript(self, call: Call, script_id: int) -> None:
        """Raise omero.ApiUsageException."""
        raise _unknown(script_id)

    def runScript(
        self, call: Call, script_id: int, inputs: Mapping[str, omero.RType | None], wait: omero.RInt
    ) -> omero.grid.ScriptProcessPrx:
        """Raise omero.NoProcessorAvailable, at once."""
        raise no_processor()


def no_processor() -> omero.NoProcessorAvailable:
    """Return the exception for a script that should run."""
    return omero.NoProcessorAvailable(
        serverStackTrace="",
        serverExceptionClass="omero.NoProcessorAvailable",
        message="No processor available! [0 response(s)]",
        processorCount=0,
    )


def _unknown(script_id: int) -> omero.ApiUsageException:
    return api_usage(f"No script with id {script_id} on server.")
