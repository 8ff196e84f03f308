"""What the icon starts: `python main.py [--demo] [--folder PATH] [--server HOST[:PORT]] [--user NAME]`."""

import sys

from omero_desk.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
