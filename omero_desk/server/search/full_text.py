"""IQuery's search by words."""

from __future__ import annotations

from itertools import islice
from typing import Any

from omero.rtypes import unwrap

from omero_desk.server.search.actions import FullText
from omero_desk.server.search.library import Library
from omero_desk.server.search.queries import text_query
from omero_desk.server.search.results import load_hits
from omero_desk.server.search.settings import Owner, Settings


def find_all_by_full_text(library: Library, class_name: str, text: str, params: Any) -> list[Any]:
    """Return the first objects that a query in OMERO's language finds, 1,000 unless `params` have a limit.

    An owner or group in them counts. Raises omero.ApiUsageException for what is no query.
    """
    settings = _settings(library.model_class(class_name).name, getattr(params, "theFilter", None))
    found = FullText(settings, text_query(settings, text)).run(library, ())
    return load_hits(library, list(islice(found, max(settings.batch_size, 0))), unloaded=False)


def _settings(class_name: str, chosen: Any) -> Settings:
    limit, user, group = (unwrap(getattr(chosen, name, None)) for name in ("limit", "ownerId", "groupId"))
    owner = Owner()
    if user is not None and user >= 0:
        owner = Owner(user=user)
    elif group is not None and group >= 0:
        owner = Owner(group=group)
    return Settings(batch_size=1000 if limit is None else limit, types=(class_name,), owned_by=owner)
