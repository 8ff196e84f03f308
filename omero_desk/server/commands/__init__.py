"""omero.cmd: what clients submit to be done in the background, and OMERO's rules for whole graphs of objects."""
