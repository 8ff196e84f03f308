"""`python -m omero_desk.server.demo.maker FOLDER`: a process that makes files of the demo in a folder.

The number of each comes in at stdin, a line each, and goes out at stdout when the file is there. It ends with the
server: at the end of stdin, whatever it is doing.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from pathlib import Path

from omero_desk.server.demo.pictures import all_pictures


def main(folder: Path) -> None:
    """Make what is asked for until the server is gone."""
    pictures = all_pictures()
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), name="listener", daemon=True).start()
    while True:
        number = waiting.get()
        pictures[number].write(folder / pictures[number].name, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _listen(waiting: queue.SimpleQueue[int]) -> None:
    for line in sys.stdin:
        waiting.put(int(line))
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
