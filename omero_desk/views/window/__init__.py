"""The main window and what arranges the features in it."""
