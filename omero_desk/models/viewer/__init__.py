"""The viewer: open images, rendering settings, playing."""
