import numpy as np
from numpy.typing import NDArray

from omero_desk.imaging.planes import Plane

def blend(
    picture: NDArray[np.uint32], layers: tuple[tuple[Plane, NDArray[np.uint32], float, float, float, int], ...], /
) -> None: ...
