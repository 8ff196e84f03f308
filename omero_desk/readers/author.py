"""The author of what readers save."""

from __future__ import annotations

from omero_desk.entities.edits import Author
from omero_desk.entities.errors import RefusedError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.service.account_calls import SendsCalls


def author_of(calls: SendsCalls) -> Author:
    """Return the user that the calls are for. Raises RefusedError if that is nobody."""
    author = Author.of(calls.account)
    if author is None:
        raise RefusedError(mark("Connection", "You are not signed in."))
    return author
