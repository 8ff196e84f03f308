"""The full-text search of OMERO's IQuery service."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from omero.model import IObject
from omero.sys import Filter, Parameters

from omero_desk.server.search.actions import FullText
from omero_desk.server.search.library import SearchLibrary
from omero_desk.server.search.queries import text_query
from omero_desk.server.search.results import load_hits
from omero_desk.server.search.settings import OwnerFilter, SearchSettings


def find_all_by_full_text(
    library: SearchLibrary, class_name: str, text: str, params: Parameters | None
) -> list[IObject]:
    """Return the best objects of a class for a full-text query, at most 1,000 unless `params` have another limit.

    An owner or group in `params` restricts them. Raises omero.ApiUsageException for a text that is no query, and
    omero.OverUsageException for a search that takes too long.
    """
    settings = _settings(library.model_class(class_name).name, None if params is None else params.theFilter)
    found = FullText(settings, text_query(settings, text)).run(library, ())
    return load_hits(library, list(islice(found, max(settings.batch_size, 0))), unloaded=False)


def _settings(class_name: str, chosen: Filter | None) -> SearchSettings:
    if chosen is None:
        return SearchSettings(types=(class_name,))
    owner = OwnerFilter()
    if chosen.ownerId is not None and chosen.ownerId.val >= 0:
        owner = OwnerFilter(user=chosen.ownerId.val)
    elif chosen.groupId is not None and chosen.groupId.val >= 0:
        owner = OwnerFilter(group=chosen.groupId.val)
    settings = SearchSettings(types=(class_name,), owned_by=owner)
    return settings if chosen.limit is None else replace(settings, batch_size=chosen.limit.val)
