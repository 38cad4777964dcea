"""Names nobody knows, numbers out of bounds, quantities without their unit."""

from __future__ import annotations

from good_case import FILE, Bad

NAMES = [
    Bad("future schema", "schema = 1", "schema = 2", ("schema = 2", "allowed: 1")),
    Bad("schema as text", "schema = 1", 'schema = "1"', ("schema", "allowed: 1")),
    Bad("schema as yes", "schema = 1", "schema = true", ("schema = true", "allowed: 1")),
    Bad("unknown language", '"en"', '"fr"', ("language", '"fr"', "en | es")),
    Bad("unknown sex", '"female"', '"f"', ("person.sex", '"f"', "female | male")),
    Bad("unknown site", '"cheek"', '"elbow"', ("area.site", '"elbow"', "submentum")),
    Bad("misspelt site", '"cheek"', '"cheeck"', ("area.site", "Did you mean cheek?")),
    Bad("unknown side", '"both"', '"top"', ("area.side", "left | right | both | middle")),
    Bad("side of a paired site", '"both"', '"middle"', ("area.side", "no side of the cheek", "left | right | both")),
    Bad(
        "side of an unpaired site",
        '"cheek"',
        '"submentum"',
        ("area.side", "no side of the submentum", "middle"),
        at="side =",
    ),
    Bad("unknown method", '"infrared"', '"microwave"', ("treatment.method", '"microwave"', "infrared | ultrasound")),
    Bad(
        "device of another method",
        '"infrared"',
        '"ultrasound"',
        ("treatment.device", '"ir-lamp-1100-1800"', "infrared, not for ultrasound"),
        at="device =",
    ),
    Bad("unknown plan", '"optimise"', '"optimize"', ("treatment.plan", "Did you mean optimise?")),
    Bad("unknown device", "ir-lamp-1100-1800", "ir-lamp-1100", ("treatment.device", "Did you mean ir-lamp-1100-1800?")),
    Bad("nothing like a device", "ir-lamp-1100-1800", "zzz", ("treatment.device", "zzz", "nd-yag-1320-cryogen")),
    Bad("device file that is not there", "ir-lamp-1100-1800", "mine.toml", ("mine.toml", "No such file"), FILE, at="-"),
    Bad("device file that is a folder", "ir-lamp-1100-1800", "./", ("is a folder",), FILE, at="-"),
    Bad("device file that cannot be named", "ir-lamp-1100-1800", "a\\u0000.toml", ("no file name",), FILE, at="-"),
    Bad(
        "device file of nobody",
        "ir-lamp-1100-1800",
        "~nouser/x.toml",
        ("treatment.device", '"~nouser/x.toml"', "home folder"),
        at="device =",
    ),
    Bad("unknown layer", '"epidermis"', '"dermis"', ("skin.layers.0.name", "Did you mean", "dermis")),
    Bad(
        "unknown answer",
        'pregnant = "no"',
        'pregnant = "maybe"',
        ("answers.pregnant", '"maybe"', "yes | no | unknown | not applicable"),
    ),
    Bad(
        "not applicable without a reason",
        'pregnant = "no"',
        'pregnant = "not applicable"',
        ("answers.pregnant", "<reason>"),
    ),
    Bad("unknown question", 'pregnant = "no"', 'pregnnt = "no"', ("answers.pregnnt", "Did you mean pregnant?")),
    Bad("answer as true", 'pregnant = "no"', "pregnant = true", ("answers.pregnant", 'Write "yes", in quotes.')),
    Bad("answer without quotes", 'pregnant = "no"', "pregnant = no", ("invalid value",), FILE),
]

NUMBERS = [
    Bad("age as text", "age = 52", 'age = "52"', ("person.age", "plain number", "without quotes", "year")),
    Bad("age below zero", "age = 52", "age = -1", ("person.age = -1", "0 to 100 year")),
    Bad("age beyond all", "age = 52", "age = 152", ("person.age = 152", "0 to 100 year")),
    Bad("age NaN", "age = 52", "age = nan", ("person.age = nan", "finite")),
    Bad("age infinite", "age = 52", "age = inf", ("person.age = inf", "finite")),
    Bad("age as yes", "age = 52", "age = true", ("person.age = true", "plain number")),
    Bad("age as a date", "age = 52", "age = 1974-05-01", ("person.age = 1974-05-01", "plain number")),
    Bad("phototype 7", "phototype = 3", "phototype = 7", ("person.phototype = 7", "1 to 6")),
    Bad("phototype 0", "phototype = 3", "phototype = 0", ("person.phototype = 0", "1 to 6")),
    Bad("phototype between", "phototype = 3", "phototype = 3.5", ("person.phototype = 3.5", "whole")),
    Bad("phototype Roman", "phototype = 3", 'phototype = "III"', ("person.phototype", "without quotes")),
    Bad("bmi beyond all", "bmi = 24.0", "bmi = 240.0", ("person.bmi = 240", "12 to 70 kg/m2")),
    Bad("seed below zero", "seed = 1", "seed = -1", ("run.seed = -1", "0 to 4294967295")),
    Bad("too many photons", "seed = 1", "photons = 1e15", ("run.photons", "1000 to 1000000000")),
    Bad("too few photons", "seed = 1", "photons = 3", ("run.photons = 3", "1000 to")),
    *(
        Bad(f"{key} of {what}", old, f"{key} = {number}", ("64 bits",), FILE)
        for key, old in (("age", "age = 52"), ("phototype", "phototype = 3"), ("passes", "passes = 1"))
        for what, number in (
            ("400 digits", "1" * 400),
            ("20 digits", "-" + "1" * 20),
            ("hexadecimal", "0x" + "F" * 5000),
        )
    ),
    Bad("phototype of 5000 digits", "phototype = 3", f"phototype = {'1' * 5000}", ("too many digits",), FILE),
    Bad("title of 5000 hexadecimals", 'title = "Lower face"', f"title = 0x{'F' * 5000}", ("title", "64 bits"), FILE),
    Bad("number too large for a float", "age = 52", "age = 1e999", ("person.age = inf", "finite")),
]

QUANTITIES = [
    Bad("melanin without unit", '"5.5 %"', "5.5", ("person.melanin = 5.5", "no unit", '"5.5 %"')),
    Bad("melanin without unit, as text", '"5.5 %"', '"5.5"', ("person.melanin", "no unit", '"5.5 %"')),
    Bad("melanin in the wrong unit", '"5.5 %"', '"5.5 mm"', ("person.melanin", "wrong unit")),
    Bad("melanin in per cent of per cent", '"5.5 %"', '"5 %%"', ("person.melanin", '"5 %%"', "wrong unit", '"5.5 %"')),
    Bad("melanin in degrees of angle", '"5.5 %"', '"5 deg"', ("person.melanin", "wrong unit")),
    Bad("melanin in counts", '"5.5 %"', '"0.05 count"', ("person.melanin", "wrong unit")),
    Bad(
        "melanin with a sign nobody sees",
        '"5.5 %"',
        '"5 %\\u0000"',
        ("person.melanin", "5 %\\x00", "sign that cannot be seen"),
    ),
    Bad("melanin below zero", '"5.5 %"', '"-5.5 %"', ("person.melanin", "0 to 50 %")),
    Bad("melanin beyond all", '"5.5 %"', '"95 %"', ("person.melanin", '"95 %"', "0 to 50 %")),
    Bad("melanin NaN", '"5.5 %"', '"nan %"', ("person.melanin", "finite")),
    Bad("melanin in words", '"5.5 %"', '"some"', ("person.melanin", '"some"', "number with a unit")),
    Bad("melanin in an unknown unit", '"5.5 %"', '"5.5 moles_per_freckle"', ("person.melanin", "wrong unit")),
    Bad(
        "thickness below zero", '"0.08 mm"', '"-0.08 mm"', ("skin.layers.0.thickness", '"-0.08 mm"', "0.005 to 100 mm")
    ),
    Bad("thickness zero", '"0.08 mm"', '"0 mm"', ("skin.layers.0.thickness", "0.005 to 100 mm")),
    Bad("thickness infinite", '"0.08 mm"', '"inf mm"', ("skin.layers.0.thickness", "finite")),
    Bad("thickness in the wrong unit", '"0.08 mm"', '"0.08 s"', ("skin.layers.0.thickness", "wrong unit")),
    Bad("thickness a unit only", '"0.08 mm"', '"mm"', ("skin.layers.0.thickness", "number with a unit")),
    Bad(
        "goal upside down",
        '["0.2 mm", "0.8 mm"]',
        '["0.8 mm", "0.2 mm"]',
        ("goal.depth", "0.8 mm to 0.2 mm", "Smaller depth first"),
    ),
    Bad("goal of one depth", '["0.2 mm", "0.8 mm"]', '["0.2 mm"]', ("goal.depth", "is missing"), at="depth"),
    Bad("goal of three depths", '["0.2 mm", "0.8 mm"]', '["0.2 mm", "0.8 mm", "3 mm"]', ("goal.depth",), at="depth"),
    Bad("goal as one text", '["0.2 mm", "0.8 mm"]', '"0.2 mm"', ("goal.depth", "not a list")),
]

LAYERS = [
    Bad(
        "layer twice",
        "[treatment]",
        '[[skin.layers]]\nname = "epidermis"\n[treatment]',
        ("skin.layers.1.name", "twice"),
        at="-",
    ),
    *(
        Bad(f"{name} of a layer {what}", 'thickness = "0.08 mm"', f"{name} = {new}", (f"skin.layers.0.{name}", *says))
        for name, what, new, says in (
            ("water", "without unit", "0.7", ("no unit", '"65 %"')),
            ("water", "without unit, as text", '"0.7"', ("no unit", '"65 %"')),
            ("water", "beyond all", '"170 %"', ('"170 %"', "0 to 100 %")),
            ("water", "below zero", '"-1 %"', ("0 to 100 %",)),
            ("water", "NaN", '"nan %"', ("finite",)),
            ("water", "with melanin beside it", '"97 %"', ("5.5 % of melanin", "Give melanin as well")),
            ("melanin", "that is the person's", '"9 %"', ("belongs to the person", "[person]")),
            ("blood", "in words", '"much"', ('"much"', "number with a unit")),
            ("oxygenation", "beyond all", '"101 %"', ('"101 %"', "0 to 100 %")),
            ("lipid", "with water beside it", '"50 %"', ('"50 %"', "75 % of water", "Give water")),
            ("perfusion", "per mass", '"106 ml/min/kg"', ("wrong unit", "1/s")),
            ("perfusion", "beyond all", '"3 1/s"', ('"3 1/s"', "0 to 0.1 1/s")),
        )
    ),
    Bad(
        "layer of more than its volume",
        '"epidermis"\nthickness = "0.08 mm"',
        '"fat"\nwater = "40 %"\nlipid = "70 %"',
        ("skin.layers.0.water", "110 %", "100 % or less"),
        at="water",
    ),
    Bad(
        "water of the fat alone",
        '"epidermis"\nthickness = "0.08 mm"',
        '"fat"\nwater = "30 %"',
        ("skin.layers.0.water", "of lipid", "Give lipid as well"),
        at="water",
    ),
]
