"""Exports of planes to TIFF and OME-TIFF files."""
