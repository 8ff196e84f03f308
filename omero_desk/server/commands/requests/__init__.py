"""The commands for the requests of omero.cmd."""
