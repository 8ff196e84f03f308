"""Regions of interest: tools, layer, table, measuring."""
