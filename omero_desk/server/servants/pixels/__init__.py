"""The services about pixels, rendering and thumbnails."""
