"""One design for all that is seen: colours, sizes, palette, sheet."""
