"""Plates: wells, fields, heat maps."""
