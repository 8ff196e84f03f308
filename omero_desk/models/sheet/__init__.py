"""The spreadsheet: cells of images, what is changed in them, and how that is saved."""
