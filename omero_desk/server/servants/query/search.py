"""Search: objects by words, annotations and queries."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partialmethod
from typing import Any

import omero
from omero.model import Details
from omero.rtypes import unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.search.actions import (
    AnnotatedWith,
    Combined,
    FullText,
    Hit,
    HqlQuery,
    SearchAction,
    SimilarTerms,
    TagsAndGroups,
)
from omero_desk.server.search.annotated import example_of
from omero_desk.server.search.library import SearchLibrary
from omero_desk.server.search.queries import built_query, some_must_none, text_query
from omero_desk.server.search.results import Results, load_hits
from omero_desk.server.search.settings import SearchSettings, owner_of
from omero_desk.server.servants.base import StatefulService


class SearchService(StatefulService):
    """Follows OMERO's SearchBean: queries wait in a queue and are answered when their results are asked for."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._lock = threading.RLock()
        self._settings = SearchSettings()
        self._actions: list[SearchAction] = []
        self._how = ""
        self._results = Results()

    # Queries

    def byFullText(self, call: Call, query: str) -> None:
        """Find objects by a query in OMERO's language."""
        self._add(FullText(self._settings, text_query(self._settings, query)))

    def byLuceneQueryBuilder(self, call: Call, fields: str, first: str, last: str, date_type: str, query: str) -> None:
        """Find objects by plain words in fields, and by days YYYYMMDD."""
        self._add(FullText(self._settings, built_query(self._settings, fields, (first, last), date_type, query)))

    def bySomeMustNone(self, call: Call, some: Sequence[str], must: Sequence[str], none: Sequence[str]) -> None:
        """Find objects that have some of a few words, all of others, none of yet others."""
        self._add(FullText(self._settings, text_query(self._settings, some_must_none(some, must, none))))

    def byAnnotatedWith(self, call: Call, examples: Sequence[omero.model.Annotation]) -> None:
        """Find objects that have annotations like all of the examples."""
        if not examples:
            raise api_usage("Must specify at least one annotation.")
        self._add(AnnotatedWith(self._settings, tuple(map(example_of, examples))))

    def byHqlQuery(self, call: Call, hql: str, params: omero.sys.Parameters) -> None:
        """Find objects by a query in HQL."""
        if not hql:
            raise api_usage("Query string must be non-empty")
        self._add(HqlQuery(hql, params))

    def byGroupForTags(self, call: Call, group: str) -> None:
        """Find what carries a tag of this name; for OMERO's search a tag is the parent of its groups."""
        self._add(TagsAndGroups(self._settings, group or "", by_tag=False))

    def byTagForGroups(self, call: Call, tag: str) -> None:
        """Find what hangs on a tag of this name."""
        self._add(TagsAndGroups(self._settings, tag or "", by_tag=True))

    def bySimilarTerms(self, call: Call, terms: Sequence[str]) -> None:
        """Find words like the first of the terms."""
        if not terms:
            raise api_usage("Must specify at least one term.")
        self._add(SimilarTerms(self._settings, terms[0]))

    def activeQueries(self, call: Call) -> int:
        """Return the number of queries that wait."""
        return len(self._actions)

    def clearQueries(self, call: Call) -> None:
        """Remove the queries that wait."""
        with self._lock:
            self._actions.clear()

    # Results

    def hasNext(self, call: Call) -> bool:
        """Tell whether there are more results, asking the next queries if need be."""
        with self._lock:
            library = self._library(call)
            while not self._results.has_next():
                if not self._actions:
                    return False
                self._results = Results(self._actions.pop(0).run(library, ()))
            return True

    def next(self, call: Call) -> omero.model.IObject:
        """Return the next object; raises omero.ApiUsageException where there is none."""
        with self._lock:
            if not self.hasNext(call):
                raise api_usage("No element. Please use hasNext().")
            found = self._loaded(call, self._results.take(1))
        return found[0] if found else self.next(call)  # it may be gone since it was found

    def results(self, call: Call) -> list[omero.model.IObject]:
        """Return the next objects, as many as a batch has; raises omero.ApiUsageException where there are none.

        Batches of several queries are always merged, whatever was set: so OMERO does it.
        """
        with self._lock:
            if not self.hasNext(call):
                raise api_usage("No elements. Please use hasNext().")
            size = self._settings.batch_size
            hits: list[Hit] = []
            while len(hits) < size and self.hasNext(call):
                hits += self._results.take(size - len(hits))
            return self._loaded(call, hits)

    def currentMetadata(self, call: Call) -> dict[str, omero.model.Annotation]:
        """Refuse: OMERO never had it."""
        raise _unsupported()

    def currentMetadataList(self, call: Call) -> list[dict[str, omero.model.Annotation]]:
        """Refuse: OMERO never had it."""
        raise _unsupported()

    def remove(self, call: Call) -> None:
        """Refuse: nothing is deleted here."""
        raise _unsupported("Cannot remove via ome.api.Search")

    # Settings

    def resetDefaults(self, call: Call) -> None:
        """Reset all settings."""
        self._settings = SearchSettings()

    def setBatchSize(self, call: Call, size: int) -> None:
        """Set how many objects `results` returns at most."""
        self._set(batch_size=size)

    def getBatchSize(self, call: Call) -> int:
        """Return how many objects `results` returns at most."""
        return self._settings.batch_size

    def setMergedBatches(self, call: Call, merge: bool) -> None:
        """Remember the setting, which changes nothing."""
        self._set(merged_batches=merge)

    def isMergedBatches(self, call: Call) -> bool:
        """Return the setting."""
        return self._settings.merged_batches

    def setCaseSentivice(self, call: Call, sensitive: bool) -> None:
        """Do as `setCaseSensitive`."""
        self._set(case_sensitive=sensitive)

    def setCaseSensitive(self, call: Call, sensitive: bool) -> None:
        """Remember the setting, which changes nothing: words have no case."""
        self._set(case_sensitive=sensitive)

    def isCaseSensitive(self, call: Call) -> bool:
        """Return the setting."""
        return self._settings.case_sensitive

    def setUseProjections(self, call: Call, use: bool) -> None:
        """Refuse, as OMERO does."""
        raise _unsupported()

    def isUseProjections(self, call: Call) -> bool:
        """Return False: objects are always read from the library."""
        return False

    def setReturnUnloaded(self, call: Call, unloaded: bool) -> None:
        """Set whether objects come with nothing but their ids."""
        self._set(return_unloaded=unloaded)

    def isReturnUnloaded(self, call: Call) -> bool:
        """Return whether objects come with nothing but their ids."""
        return self._settings.return_unloaded

    def setAllowLeadingWildcard(self, call: Call, allow: bool) -> None:
        """Set whether a word may begin with * or ?."""
        self._set(leading_wildcard=allow)

    def isAllowLeadingWildcard(self, call: Call) -> bool:
        """Return whether a word may begin with * or ?."""
        return self._settings.leading_wildcard

    def onlyType(self, call: Call, class_name: str) -> None:
        """Set the class of the objects that are searched."""
        self._set(types=(self.model_class(class_name).name,))

    def onlyTypes(self, call: Call, class_names: Sequence[str]) -> None:
        """Set the classes; a search takes only one."""
        self._set(types=tuple(self.model_class(name).name for name in class_names))

    def allTypes(self, call: Call) -> None:
        """Refuse, as OMERO does."""
        raise _unsupported()

    def onlyIds(self, call: Call, ids: Sequence[int]) -> None:
        """Restrict to some objects; none takes the restriction away."""
        self._set(ids=tuple(ids) if ids else None)

    def onlyOwnedBy(self, call: Call, details: Details) -> None:
        """Restrict to what a user, or else a group, owns."""
        self._set(owned_by=owner_of(details))

    def notOwnedBy(self, call: Call, details: Details) -> None:
        """Leave out what a user, or else a group, owns."""
        self._set(not_owned_by=owner_of(details))

    def onlyCreatedBetween(self, call: Call, start: omero.RTime, stop: omero.RTime) -> None:
        """Restrict to what was created between two moments."""
        self._set(created=(unwrap(start), unwrap(stop)))

    def onlyModifiedBetween(self, call: Call, start: omero.RTime, stop: omero.RTime) -> None:
        """Restrict to what was changed last between two moments."""
        self._set(modified=(unwrap(start), unwrap(stop)))

    def onlyAnnotatedBetween(self, call: Call, start: omero.RTime, stop: omero.RTime) -> None:
        """Restrict to what has an annotation made between two moments."""
        self._set(annotated=(unwrap(start), unwrap(stop)))

    def onlyAnnotatedBy(self, call: Call, details: Details) -> None:
        """Restrict to what has an annotation of a user, or else a group."""
        self._set(annotated_by=owner_of(details))

    def notAnnotatedBy(self, call: Call, details: Details) -> None:
        """Restrict to what has an annotation of somebody else."""
        self._set(not_annotated_by=owner_of(details))

    def onlyAnnotatedWith(self, call: Call, class_names: Sequence[str]) -> None:
        """Restrict to what has an annotation of a class; without a class, to what has none at all."""
        self._set(annotated_with=tuple(self.model_class(name).name for name in class_names))

    def addOrderByAsc(self, call: Call, path: str) -> None:
        """Order by a property too, smaller values first."""
        self._set(order_by=(*self._settings.order_by, (path, True)))

    def addOrderByDesc(self, call: Call, path: str) -> None:
        """Order by a property too, larger values first."""
        self._set(order_by=(*self._settings.order_by, (path, False)))

    def unordered(self, call: Call) -> None:
        """Order by relevance, the best first."""
        self._set(order_by=())

    def fetchAnnotations(self, call: Call, class_names: Sequence[str]) -> None:
        """Load objects with all their annotations if any class is named, else without."""
        self._set(fetch_annotations=tuple(self.model_class(name).name for name in class_names))

    def fetchAlso(self, call: Call, paths: Sequence[str]) -> None:
        """Do nothing: OMERO ignores these paths too."""

    def _set(self, **changes: Any) -> None:
        self._settings = replace(self._settings, **changes)

    def _add(self, action: SearchAction) -> None:
        with self._lock:
            how, self._how = self._how, ""
            if how:
                action = Combined(how, self._pop_last(), action)
            self._actions.append(action)

    def _pop_last(self) -> SearchAction:
        if not self._actions:
            raise api_usage("There must be at least 1 active query for this operation.")
        return self._actions.pop()

    def _combine(self, call: Call, *, how: str) -> None:
        """Combine the next query with the one before it."""
        self._how = how

    def _library(self, call: Call) -> SearchLibrary:
        return SearchLibrary(self.backend.store, call.caller, call.group)

    def _loaded(self, call: Call, hits: Sequence[Hit]) -> list[omero.model.IObject]:
        return load_hits(self._library(call), hits, unloaded=self._settings.return_unloaded)


for _name in ("and", "or", "not"):
    setattr(SearchService, _name, partialmethod(SearchService._combine, how=_name))


def _unsupported(reason: str = "null") -> omero.InternalException:
    return server_error(
        omero.InternalException, f" Wrapped Exception: (java.lang.UnsupportedOperationException):\n{reason}"
    )
