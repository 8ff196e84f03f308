"""Plates: wells, fields, and the OMERO.tables about them."""
