"""The gallery: thumbnails and the table of images."""
