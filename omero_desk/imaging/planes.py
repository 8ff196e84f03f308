"""The type of the planes of pixels that this folder works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.generic]
"""Values of pixels, shape (height, width), of a boolean, integer or floating-point type in any byte order."""
