"""120 W at 6.78 MHz over 2, 4, 6 and 8 mm of fat: the published temperatures fall with the fat, and so do Tauten's.

Published (doi:10.1177/09592989251407753, abstract): computed, and on pork, 69, 60, 55 and 45 degC after treatment. The
abstract names neither tip, time, cooling, return, layers nor the place that was read. All of these are assumed here,
listed below, and varied: what must hold over the whole range is the order; the difference in degrees is printed.
"""

import itertools

import tauten

FAT = (2, 4, 6, 8)  # mm
PUBLISHED = (69.0, 60.0, 55.0, 45.0)  # degC

TIP = ("rf-monopolar-3cm2", "rf-monopolar-4cm2", "rf-monopolar-16cm2")  # area and membrane of the tip
DURATION = {
    "rf-monopolar-3cm2": (1, 2),
    "rf-monopolar-4cm2": (1, 2, 4),
    "rf-monopolar-16cm2": (4, 10),
}  # s; longer ones boil
COOLING = ("none", "spray")  # by the device's own timing
PLACE = ("dermis", "hottest")  # under the middle of the tip: the dermis where it is hottest, or the hottest of all
TAKEN = ("rf-monopolar-4cm2", 2, "spray", "hottest")  # the case whose difference in degrees is printed
PERSON = {"site": "abdomen", "age": 40, "sex": "female", "phototype": 2, "bmi": 25.0}  # for pork, and its layers


def peaks(tip: str, duration: int, cooling: str) -> dict[str, list[float]]:
    """Return the hottest of dermis and of all tissue [degC] for each thickness of fat."""
    found: dict[str, list[float]] = {place: [] for place in PLACE}
    for thickness in FAT:
        skin = tauten.Skin.at(**PERSON).with_layer("fat", thickness=thickness * 1e-3)
        pulse = tauten.catalogue()[tip].exposure(power="120 W", duration=f"{duration} s", cooling=cooling)
        run = tauten.simulate(skin, pulse, rest=0.1, frames=4, tolerance=0.1)
        axis = run.trace.temperature.max(axis=0) - 273.15
        dermis = (run.trace.depth > skin.top_of("dermis")) & (run.trace.depth < skin.bottom_of("dermis"))
        found["dermis"].append(float(axis[dermis].max()))
        found["hottest"].append(float(axis.max()))
    return found


def main() -> dict[tuple[str, int, str, str], list[float]]:
    computed = {}
    for tip, cooling in itertools.product(TIP, COOLING):
        for duration in DURATION[tip]:
            for place, values in peaks(tip, duration, cooling).items():
                computed[tip, duration, cooling, place] = values
    for (tip, duration, cooling, place), values in computed.items():
        falls = "falls" if all(a > b for a, b in itertools.pairwise(values)) else "DOES NOT FALL"
        told = ", ".join(f"{value:.1f}" for value in values)
        print(f"{tip}, {duration} s, cooling {cooling}, {place}: {told} degC, {falls}")
    for thickness, value, published in zip(FAT, computed[TAKEN], PUBLISHED, strict=True):
        print(f"{thickness} mm of fat: {value:.1f} degC, published {published:g}: {value - published:+.1f} K")
    return computed


if __name__ == "__main__":
    main()
