"""The services of OMERO's API, by the names of their interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from omero_desk.server.backend import Backend
from omero_desk.server.servants.admin.admin import AdminService
from omero_desk.server.servants.admin.config import ConfigService
from omero_desk.server.servants.admin.ldap import LdapService
from omero_desk.server.servants.admin.session import SessionService
from omero_desk.server.servants.annotations.metadata import MetadataService
from omero_desk.server.servants.annotations.roi import RoiService
from omero_desk.server.servants.base import Service, StatefulService
from omero_desk.server.servants.files.exporter import ExporterService
from omero_desk.server.servants.files.raw_file import RawFileService
from omero_desk.server.servants.files.repository_info import RepositoryInfoService
from omero_desk.server.servants.files.resources import SharedResourcesService
from omero_desk.server.servants.files.script import ScriptService
from omero_desk.server.servants.pixels.pixels import PixelsService
from omero_desk.server.servants.pixels.projection import ProjectionService
from omero_desk.server.servants.pixels.raw_pixels import RawPixelsService
from omero_desk.server.servants.pixels.rendering_engine import RenderingEngineService
from omero_desk.server.servants.pixels.rendering_settings import RenderingSettingsService
from omero_desk.server.servants.pixels.thumbnails import ThumbnailService
from omero_desk.server.servants.query.container import ContainerService
from omero_desk.server.servants.query.query import QueryService
from omero_desk.server.servants.query.search import SearchService
from omero_desk.server.servants.query.share import ShareService
from omero_desk.server.servants.query.timeline import TimelineService
from omero_desk.server.servants.query.types import TypesService
from omero_desk.server.servants.query.update import UpdateService

STATELESS: Final[Mapping[str, Callable[[Backend], Service]]] = {
    "omero.api.IAdmin": AdminService,
    "omero.api.IConfig": ConfigService,
    "omero.api.IContainer": ContainerService,
    "omero.api.ILdap": LdapService,
    "omero.api.IMetadata": MetadataService,
    "omero.api.IPixels": PixelsService,
    "omero.api.IProjection": ProjectionService,
    "omero.api.IQuery": QueryService,
    "omero.api.IRenderingSettings": RenderingSettingsService,
    "omero.api.IRepositoryInfo": RepositoryInfoService,
    "omero.api.IRoi": RoiService,
    "omero.api.IScript": ScriptService,
    "omero.api.ISession": SessionService,
    "omero.api.IShare": ShareService,
    "omero.api.ITimeline": TimelineService,
    "omero.api.ITypes": TypesService,
    "omero.api.IUpdate": UpdateService,
    "omero.grid.SharedResources": SharedResourcesService,
}
"""How to make each service that all clients share; an interface that is not here refuses all of its operations."""

STATEFUL: Final[Mapping[str, Callable[[Backend], StatefulService]]] = {
    "omero.api.Exporter": ExporterService,
    "omero.api.RawFileStore": RawFileService,
    "omero.api.RawPixelsStore": RawPixelsService,
    "omero.api.RenderingEngine": RenderingEngineService,
    "omero.api.ThumbnailStore": ThumbnailService,
    "omero.api.Search": SearchService,
}
"""How to make each service that a client opens for itself; an interface that is not here can be closed, no more."""
