"""omero.cmd: requests that run in the background, and OMERO's rules for graphs of objects.

`registry` makes the command of a request, and `run` runs it. A command that deletes, moves or copies objects finds out
by `rules` which others go with them, and changes rows by `steps`.
"""
