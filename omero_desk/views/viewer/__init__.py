"""The viewer: canvas, sliders, and what lies on them."""
