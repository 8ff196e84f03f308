"""Plates: the grid of wells, fields, heat maps."""
