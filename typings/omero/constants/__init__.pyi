"""Keys of a call's context."""

from omero.constants import metadata as metadata
from omero.constants import namespaces as namespaces
from omero.constants import projection as projection

AGENT: str
CLIENTUUID: str
EVENT: str
GROUP: str
IP: str
SESSIONUUID: str
