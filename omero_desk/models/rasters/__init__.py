"""Rasters: the pixels of a viewport, from planes, tiles, stacks and projections."""
