"""A drawn stamp in words, for who cannot see it."""

from __future__ import annotations

import math

from tauten.report.numbers import number, percent
from tauten.report.section import Stratum
from tauten.report.stamp import NEAR, Stamped
from tauten.report.words import set_words

__all__ = ["describe"]


def describe(stamped: Stamped) -> str:
    """Return both pictures in words, for who cannot see them."""
    shown, whole = len(stamped.in_row), len(stamped.of_row)
    least, most = stamped.reached
    layers = "; ".join(_layer(s) for s in stamped.strata)
    told = [
        f"From the surface down: {layers}.",
        f"{shown} of the {whole} needles of one row, of {len(stamped.tips)} in the stamp. Set to "
        f"{_mm(stamped.set_depth)} mm, the tips are taken to lie {_mm(stamped.lowest)} mm deep; between {_mm(least)} "
        f"and {_mm(most)} mm as skin gives way more or less.",
    ]
    depths = [y for piece in stamped.upright.zones for _, y in piece[0]]
    told.append(
        f"Coagulated between {_mm(min(depths))} and {_mm(max(depths))} mm, {percent(stamped.coagulated)} of the "
        f"footprint where it is most; {percent(stamped.spared)} of the columns of the dermis are spared."
        if depths
        else "No zone is predicted as planned."
    )
    told.append(f"The fat begins at {_mm(stamped.border)} mm, {_below(stamped.border - stamped.lowest)}.")
    told += [f"{g.name}: at {_mm(g.depth)} mm, {_below(g.distance)}." for g in stamped.guards]
    lost = number(stamped.fat * 1e9, 2)
    told.append(
        f"{lost} mm³ of fat pass {number(stamped.dose)} CEM43." if stamped.fat > 0.0
        else f"No fat passes {number(stamped.dose)} CEM43."
    )  # fmt: skip
    told.append(f"Zones by {set_words(stamped.kinetics)}.")
    return " ".join(told)


def _layer(stratum: Stratum) -> str:
    if math.isinf(stratum.bottom):
        return f"{stratum.name} from {_mm(stratum.top)} mm"
    return f"{stratum.name} {_mm(stratum.top)} to {_mm(stratum.bottom)} mm"


def _below(distance: float) -> str:
    return (
        f"{_mm(abs(distance))} mm {'below' if distance >= 0.0 else 'above'} the tips"
        if abs(distance) >= NEAR
        else "at the tips"
    )


def _mm(metres: float) -> str:
    return number(round(metres * 1e3, 2))
