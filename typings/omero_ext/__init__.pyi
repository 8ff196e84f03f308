"""Modules of others that omero-py brings along."""
