"""One door for a feature: what a part of a window is, what parts share, and commands as data."""
