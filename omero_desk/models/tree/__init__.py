"""The tree: nodes in plain Python, and the Qt model over them."""
