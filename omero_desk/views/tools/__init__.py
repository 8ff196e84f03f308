"""The tools of the viewer: orthogonal views, split channels, line profile, Z projection."""
