"""Files that are attached to objects: brought here, opened and looked into."""
