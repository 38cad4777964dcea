"""The layers and the bowl that the tests of sound share."""

import math

from tauten.solvers.beams import Acoustics, Bowl

BOWL = Bowl(15e-3, 5.5e-3, 7e6)
SMALL = Bowl(6e-3, 2.2e-3, 3e6)
WATER = Acoustics(math.inf, 1500.0, 1000.0, 0.0)
FACE = (
    Acoustics(10.5e-3, 1500.0, 1000.0, 0.025, 2.0),
    Acoustics(1.8e-3, 1624.0, 1109.0, 21.158, absorbed_fraction=0.9),
    Acoustics(2.2e-3, 1440.2, 911.0, 4.36, 1.086),
    Acoustics(math.inf, 1588.4, 1090.0, 7.11, 1.092),
)
SHALLOW = (Acoustics(3.5e-3, 1500.0, 1000.0, 0.025, 2.0), *FACE[1:])


def with_changes(layers, number, **changes):
    """The same layers with one changed."""
    import dataclasses

    return [dataclasses.replace(layer, **changes) if n == number else layer for n, layer in enumerate(layers)]
