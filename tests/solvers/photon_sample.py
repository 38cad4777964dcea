"""The skin that the photons' tests share, and what they ask of every run."""

import numpy as np

from tauten.solvers.photons import Optics

SKIN = [
    Optics(1e-4, 180.0, 11600.0, 0.9, 1.4),
    Optics(1.5e-3, 120.0, 11600.0, 0.9, 1.4),
    Optics(5e-3, 25.0, 9600.0, 0.9, 1.4),
]
STEPS = [Optics(2e-4, 300.0, 9000.0, 0.8, 1.5), Optics(1e-3, 100.0, 5000.0, 0.0, 1.37), Optics(2e-3, 50.0, 8000.0, 0.9)]
FEW = 20_000


def within(a, b, errors=4.0):
    """Two estimates, or an estimate and a number, agree within `errors` standard errors."""
    other, error = (b.value, b.error) if hasattr(b, "error") else (b, 0.0)
    assert abs(a.value - other) <= errors * np.hypot(a.error, error) + 1e-12, (a, b)


def parts(tally):
    return [tally.specular, tally.reflected.value, tally.transmitted.value, tally.sides.value] + [
        share.value for share in tally.absorbed
    ]
