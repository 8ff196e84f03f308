"""Pictures made of pixels and rendering settings, as OMERO's rendering engine makes them."""
