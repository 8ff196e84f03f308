"""OMERO.tables in tabs of the centre: a grid, conditions, plots, files, and new tables."""
