"""The spreadsheet: images as rows, what is written about them as cells to edit."""
