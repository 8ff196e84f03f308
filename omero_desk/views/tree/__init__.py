"""The tree: rows, scope, filter, context menu."""
