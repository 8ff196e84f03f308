"""Registers the classes of the model."""

import Ice

def registerObjectFactory(ic: Ice.Communicator, client: object = ...) -> None: ...
