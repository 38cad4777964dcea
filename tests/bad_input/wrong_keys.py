"""Keys that are not there or do not belong, values of another kind, and files that are no TOML."""

from __future__ import annotations

from good_case import FILE, Bad

KEYS = [
    # keys
    Bad(
        "unknown key at the top",
        "schema = 1",
        'schema = 1\nauthor = "me"',
        ("author", "not a key", "person"),
        at="author",
    ),
    Bad("unknown section", "[goal]", "[goals]", ("goals", "Did you mean goal?")),
    Bad("unknown key of the person", "bmi = 24.0", "bmi = 24.0\nweight = 70", ("person.weight", "bmi"), at="weight"),
    Bad("misspelt key of the person", "bmi = 24.0", "bni = 24.0", ("person.bni", "Did you mean bmi?")),
    Bad(
        "key in the wrong section",
        'side = "both"',
        'side = "both"\nage = 3',
        ("area.age", "Did you mean person.age?"),
        at="age = 3",
    ),
    Bad(
        "unknown key of the treatment",
        'plan = "opt',
        'power = "3 W"\nplan = "opt',
        ("treatment.power", "not a key"),
        at="power",
    ),
    Bad(
        "unknown key of a layer",
        'thickness = "0.08',
        'thikness = "0.08',
        ("skin.layers.0.thikness", "Did you mean thickness?"),
    ),
    Bad("unknown key of the run", "seed = 1", "sead = 1", ("run.sead", "Did you mean seed?")),
    Bad("unknown setting", 'fluence = "36', 'fluense = "36', ("treatment.settings.fluense", "Did you mean fluence?")),
    Bad(
        "setting of another cooling",
        "passes = 1",
        'spray_before = "30 ms"',
        ("treatment.settings.spray_before", "not a setting"),
    ),
    Bad("key twice", "age = 52", "age = 52\nage = 53", ("overwrite",), FILE, at="age = 53"),
    Bad("section twice", "[goal]", "[person]\nbmi = 25\n[goal]", ("twice",), FILE, at="-"),
    # missing
    Bad("no schema", "schema = 1\n", "", ("schema is missing",), at='title = "Lower face"'),
    Bad("no age", "age = 52\n", "", ("person.age", "is missing", "[person]"), at="[person]"),
    Bad("no sex", 'sex = "female"\n', "", ("person.sex", "is missing"), at="[person]"),
    Bad("no site", 'site = "cheek"\n', "", ("area.site", "is missing"), at="[area]"),
    Bad("no method", 'method = "infrared"\n', "", ("treatment.method", "is missing"), at="[treatment]"),
    Bad("no device", 'device = "ir-lamp-1100-1800"\n', "", ("treatment.device", "is missing"), at="[treatment]"),
    Bad("no skin colour", 'phototype = 3\nmelanin = "5.5 %"\n', "", ("person", "colour", "melanin"), at="[person]"),
    # kinds
    Bad("title as a number", '"Lower face"', "5", ("title = 5", "not text")),
    Bad("device as a number", '"ir-lamp-1100-1800"', "1100", ("treatment.device = 1100", "not text")),
    Bad("answers as text", '[answers]\npregnant = "no"', "x = 1\n[[answers]]\ny = 1", ("goal.x",), at="x = 1"),
    # the file's form
    Bad("text without quotes", '"cheek"', "cheek", ("not valid TOML",), FILE),
    Bad("bracket left open", "[goal]", "[goal", ("not valid TOML",), FILE),
    Bad("quote left open", '"cheek"', '"cheek', ("not valid TOML",), FILE),
    Bad("no equals sign", "seed = 1", "seed 1", ("not valid TOML",), FILE),
]
