"""Images: pixels, rendering settings, lookup tables, thumbnails."""
