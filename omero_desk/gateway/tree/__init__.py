"""The tree: pages of children, accounts, and wrappers of other packages."""
