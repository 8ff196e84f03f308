"""Regions of interest: shapes read and written."""
