"""`python -m omero_desk.server.workers`: a process that reads files for the server that started it.

Tasks come in at stdin and results go out at stdout, one at a time (see `frames`). It ends with the server: at the end
of stdin, whatever it is doing.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from io import BufferedReader
from typing import IO, Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.workers import limits
from omero_desk.server.workers.frames import BrokenFrameError, Message, receive, send
from omero_desk.server.workers.tasks import Tasks

_LONGEST: Final = 10_000
"""Characters of a reason."""


def main() -> None:
    """Do tasks until the server is gone."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a library prints is no message, and no library reads what the server says.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.dont_write_bytecode = True
    limits.limit_process()
    waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, waiting), name="listener", daemon=True).start()
    tasks = Tasks()
    send(outgoing, {"ready": os.getpid()})
    while True:
        _answer(outgoing, tasks, waiting.get())


def _listen(incoming: BufferedReader, waiting: queue.SimpleQueue[Message]) -> None:
    try:
        while True:
            waiting.put(receive(incoming)[0])
    except (BrokenFrameError, OSError):
        os._exit(0)


def _answer(outgoing: IO[bytes], tasks: Tasks, message: Message) -> None:
    limits.limit_task(float(str(message["processor"])), float(str(message["seconds"])))
    try:
        result, data = tasks.do(str(message["task"]), message["arguments"])
        send(outgoing, {"result": result}, data)
    except MemoryError:
        os._exit(limits.OUT_OF_MEMORY)
    except ImageFileError as error:
        if _is_out_of_memory(error):
            os._exit(limits.OUT_OF_MEMORY)
        send(outgoing, {"error": str(error)[:_LONGEST], "cause": repr(error.__cause__)[:_LONGEST]})
    except OSError as error:
        send(outgoing, {"system": error.errno or 0, "cause": repr(error)[:_LONGEST]})
    except Exception as error:  # noqa: BLE001  the server waits for an answer
        send(outgoing, {"failure": repr(error)[:_LONGEST]})
    limits.lift_task_limit()


def _is_out_of_memory(error: BaseException) -> bool:
    """Return whether the reason of an error was that there is no more memory."""
    return isinstance(error.__cause__, MemoryError)


if __name__ == "__main__":
    main()
