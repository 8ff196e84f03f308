"""Talks to an OMERO server: sessions, lanes of workers, wrappers, and plain functions that return frozen data."""
