"""The services about annotations, regions of interest and acquisition."""
