"""The tools of the viewer: orthogonal views, split channels, Z projections, line profiles."""
