"""Turns pixels into pictures with numpy alone: OMERO's rendering, projections, contrast."""
