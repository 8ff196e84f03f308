"""Sets of tags: the links from a set to its tags, and tags that are moved between sets."""
