"""The channels of an image: how they are rendered."""
