"""Exports: menu, dialog, progress."""
