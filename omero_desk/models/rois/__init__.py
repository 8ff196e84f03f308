"""Regions of interest: shapes, their history, measuring and saving."""
