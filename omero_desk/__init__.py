"""OMERO Desk: a desktop browser for OMERO, with an embedded OMERO-compatible server."""

__version__ = "0.1.0"
