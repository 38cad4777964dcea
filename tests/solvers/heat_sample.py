"""The skin, the column and the pulse that the heat solver's tests share."""

import numpy as np

from tauten.grid import Field, Grid, graded_edges
from tauten.skin.thermal import Thermal
from tauten.solvers.conduction import Deposition

K, RHO, C = 0.37, 1109.0, 3391.0
ALPHA = K / (RHO * C)
BODY = 310.15
BLOOD = 1050.0 * 3617.0
SKIN = Thermal(K, RHO, C)


def column(depth=5e-3, first=5e-5, growth=1.1, radius=1e-3):
    return Grid((np.array([0.0, radius]), graded_edges([0.0, depth], first, 1e-3, growth)), "axisymmetric")


def pulse(grid, values, start=0.0, stop=1.0):
    return Deposition(Field(np.broadcast_to(values, grid.shape).astype(float), grid, "W/m3"), start, stop)
