"""The gallery: the images of what is selected, and their thumbnails."""
