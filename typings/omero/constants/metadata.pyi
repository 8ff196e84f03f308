"""Namespaces of annotations that OMERO.insight made."""

NSCLIENTMAPANNOTATION: str
NSINSIGHTRATING: str
NSINSIGHTTAGSET: str
