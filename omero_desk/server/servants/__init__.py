"""The services of OMERO's API, by the names of their interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from omero_desk.server.backend import Backend
from omero_desk.server.servants.admin import AdminService
from omero_desk.server.servants.command import HandleService
from omero_desk.server.servants.config import ConfigService
from omero_desk.server.servants.container import ContainerService
from omero_desk.server.servants.exporter import ExporterService
from omero_desk.server.servants.ldap import LdapService
from omero_desk.server.servants.metadata import MetadataService
from omero_desk.server.servants.pixels import PixelsService
from omero_desk.server.servants.projection import ProjectionService
from omero_desk.server.servants.query import QueryService
from omero_desk.server.servants.raw_file import RawFileService
from omero_desk.server.servants.raw_pixels import RawPixelsService
from omero_desk.server.servants.rendering_engine import RenderingEngineService
from omero_desk.server.servants.rendering_settings import RenderingSettingsService
from omero_desk.server.servants.repository_info import RepositoryInfoService
from omero_desk.server.servants.resources import SharedResourcesService
from omero_desk.server.servants.roi import RoiService
from omero_desk.server.servants.script import ScriptService
from omero_desk.server.servants.search import SearchService
from omero_desk.server.servants.session import SessionService
from omero_desk.server.servants.share import ShareService
from omero_desk.server.servants.thumbnails import ThumbnailService
from omero_desk.server.servants.timeline import TimelineService
from omero_desk.server.servants.types import TypesService
from omero_desk.server.servants.update import UpdateService

SERVICES: Final[Mapping[str, Callable[[Backend], Any]]] = {
    "omero.api.Exporter": ExporterService,
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
    "omero.api.RawFileStore": RawFileService,
    "omero.api.RawPixelsStore": RawPixelsService,
    "omero.api.RenderingEngine": RenderingEngineService,
    "omero.api.ThumbnailStore": ThumbnailService,
    "omero.api.Search": SearchService,
    "omero.cmd.Handle": HandleService,
    "omero.grid.SharedResources": SharedResourcesService,
}
"""How to make each; an interface that is not here refuses all of its operations."""
