"""`tauten devices`: the catalogue, and one device with the source of each number."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tauten.cli.show import json_out, table
from tauten.devices.applicator import Applicator
from tauten.devices.catalogue import Machine, broken, catalogue, device, read_device
from tauten.devices.device import Device
from tauten.devices.head import Head
from tauten.devices.stamp import Stamp
from tauten.facts import Row

__all__ = ["list_devices", "show_device"]


def list_devices(as_json: bool, quiet: bool) -> int:
    """Print every shipped device, one a line; `quiet` prints the keys alone. A file that cannot be read comes last."""
    machines = catalogue().values()
    if as_json:
        json_out([_document(machine) for machine in machines])
    elif quiet:
        print("\n".join(machine.key for machine in machines))
    else:
        rows = [(m.key, m.name, m.method, _range(m, m.driver), _range(m, "duration")) for m in machines]
        table(("key", "device", "method", "fluence or power", "duration"), rows)
        print("One of them in full: tauten devices KEY")
    for error in broken().values():
        print(error, file=sys.stderr)
    return max((error.exit_code for error in broken().values()), default=0)


def show_device(name: str, as_json: bool, quiet: bool) -> int:
    """Print one device, from the catalogue or from a device file."""
    machine = read_device(Path(name)) if "/" in name or name.endswith(".toml") else device(name)
    if as_json:
        json_out(_document(machine))
        return 0
    rows = [_row(setting.name, setting.row) for setting in machine.settings.values()]
    fixed = {name.rpartition("/")[2]: row for name, row in machine.rows.items() if not name.endswith("/spectrum")}
    table(("setting", "default", "allowed", "unit", "confidence", "source"), rows, title=_title(machine))
    if fixed:
        table(("not to be set", "value", "spread", "unit", "confidence", "source"), [_row(*f) for f in fixed.items()])
    if not quiet:
        print("\n".join(_told(machine)))
    return 0


def _title(machine: Machine) -> str:
    if isinstance(machine, Head):
        bowl = machine.transducer
        size = f"{2e3 * bowl.aperture_radius:g} mm wide, curved to {1e3 * bowl.radius:g} mm"
        return f"{machine.name} ({machine.key}): {machine.kind}, {machine.shape} {size}"
    if isinstance(machine, Device):
        return f"{machine.name} ({machine.key}): {machine.kind}, spots {', '.join(machine.spots)}"
    if isinstance(machine, Applicator):
        return f"{machine.name} ({machine.key}): {machine.kind}, {machine.shape} tip"
    array = machine.array
    return f"{machine.name} ({machine.key}): {array.count} {machine.kind}, {1e3 * array.pitch:g} mm apart"


def _told(machine: Machine) -> list[str]:
    """Return what follows the tables: what comes out, what it is cleared for, and what must be kept from it."""
    uses = [f"{use.kind.capitalize()}: {use.text} [{use.confidence}; {use.source}]" for use in machine.cleared_uses]
    if isinstance(machine, Head):
        depth, way = 1e3 * machine.focal_depth, 1e3 * machine.standoff
        sound = f"Sound: geometric focus {depth:.3g} mm below the skin, {way:.3g} mm of {machine.couplant} before it."
        return [sound, *uses, *_dangers(machine)]
    if not isinstance(machine, Device):
        return [_current(machine), *uses, *_dangers(machine)]
    light = machine.rows.get(f"devices/{machine.key}/spectrum")
    told = [f"Light: {_band(machine)} [{light.confidence}; {light.source}]"] if light else []
    return [*told, *uses, f"Eyes: {machine.eye_hazard.text} Wear: {machine.eye_hazard.eyewear}"]


def _dangers(machine: Head | Applicator | Stamp) -> list[str]:
    return [f"Danger: {hazard.text} [{hazard.confidence}; {hazard.source}]" for hazard in machine.hazards]


def _current(machine: Applicator | Stamp) -> str:
    """Return the way of the current in words."""
    mhz = machine.with_facts().si(f"devices/{machine.key}/frequency") / 1e6
    if isinstance(machine, Applicator):
        way = "from one electrode to the other" if machine.kind == "bipolar" else "to a return electrode far away"
        return f"Current: {mhz:g} MHz, {way}; cooling: {', '.join(machine.cooling)}."
    array, metal = machine.array, 1e3 * machine.array.active
    bare = f"the last {metal:.3g} mm bare" if array.insulated else "bare all along"
    thick = f"{2e3 * array.radius:.3g} mm thick, {1e3 * array.length:.3g} mm long, {bare}"
    return f"Current: {mhz:g} MHz; polarity: {', '.join(machine.polarity)}. Needles {thick}."


def _row(name: str, row: Row) -> tuple[str, ...]:
    return (name, f"{row.value:g}", f"{row.low:g} to {row.high:g}", row.unit, row.confidence, row.source)


def _band(machine: Device) -> str:
    """Return the wavelengths in words: a line, or how a band is sampled, with its mean."""
    nm = machine.spectrum.wavelengths * 1e9
    if nm.size == 1:
        return f"{nm[0]:.0f} nm"
    mean = machine.spectrum.mean(nm)
    return f"{nm.size} wavelengths from {nm.min():.0f} to {nm.max():.0f} nm, {mean:.0f} nm in the mean"


def _range(machine: Machine, name: str) -> str:
    row = machine.settings[name].row
    return f"{row.low:g} to {row.high:g} {row.unit}"


def _document(machine: Machine) -> dict[str, Any]:
    about: dict[str, Any] = {
        "key": machine.key,
        "name": machine.name,
        "method": machine.method,
        "kind": machine.kind,
        "as_published": machine.as_published,
    }
    facts = {name: asdict(row) for name, row in machine.rows.items()}
    if isinstance(machine, Head):
        about |= {"shape": machine.shape, "couplant": machine.couplant, "transducer": facts}
        about |= {"hazards": [asdict(hazard) for hazard in machine.hazards]}
    elif isinstance(machine, Applicator):
        about |= {"shape": machine.shape, "cooling": list(machine.cooling), "tip": facts}
        about |= {"hazards": [asdict(hazard) for hazard in machine.hazards]}
    elif isinstance(machine, Stamp):
        about |= {"layout": machine.layout, "counts": dict(machine.counts), "polarity": list(machine.polarity)}
        about |= {"positions_mm": [[round(1e3 * c, 6) for c in place] for place in machine.array.positions]}
        about |= {"cooling": list(machine.cooling), "needles": facts}
        about |= {"hazards": [asdict(hazard) for hazard in machine.hazards]}
    else:
        about |= {
            "wavelengths_nm": [round(w * 1e9, 3) for w in machine.spectrum.wavelengths.tolist()],
            "spots": list(machine.spots),
            "cooling": list(machine.cooling),
            "window": machine.window,
            "optics": facts,
            "eye_hazard": asdict(machine.eye_hazard),
        }
    about["settings"] = {s.name: asdict(s.row) for s in machine.settings.values()}
    about["uses"] = [asdict(use) for use in machine.cleared_uses]
    return about
