"""OMERO.tables in a grid: rows as they are shown, conditions, order, plots, and files of comma-separated values."""
