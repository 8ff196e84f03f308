"""Objects that clients send, saved and deleted by OMERO's rules."""
