"""Fascia, deep fat and bone: where they lie, what a measured layer replaces, and layers that don't add up."""

import math

import numpy as np
import pytest

from tauten.errors import InputError
from tauten.facts import load
from tauten.skin import acoustics, optics, thermal
from tauten.skin.deeper import measured
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin


@pytest.fixture(scope="module")
def cheek():
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)


@pytest.fixture(scope="module")
def temple():
    return Skin.at("temple", age=52, sex="female", phototype=3, bmi=24)


def names(skin):
    return [layer.name for layer in skin.layers]


def test_fascia_lies_in_the_fat_at_its_published_depth(cheek):
    skin = cheek.with_fascia()
    assert names(skin)[4:] == ["fat", "smas", "deep_fat", "muscle"]
    assert skin.top_of("smas") == pytest.approx(cheek.fascia_depth)
    assert skin.layer("smas").thickness == pytest.approx(load().si("tissue/thickness/smas.thickness"))
    assert skin.layer("fat") == cheek.layer("fat")
    assert {"tissue/thickness/smas.thickness", "tissue/composition/smas.water"} <= {row.name for row in skin.rows}
    assert any("superficial fascia is unverified" in said for said in skin.assumptions)
    assert names(cheek)[4:] == ["fat", "muscle"]


def test_measured_fascia_replaces_the_table(cheek):
    skin = cheek.with_fascia(5.5e-3, 1.2e-3, 0.9e-3)
    assert skin.fascia_depth == skin.top_of("smas") == pytest.approx(5.5e-3)
    for name, thickness in (("smas", 1.2e-3), ("deep_fat", 0.9e-3)):
        layer = skin.layer(name)
        assert layer.low == layer.high == layer.thickness == thickness
    assert any("depth, thickness, deep fat as given" in said for said in skin.assumptions)


def test_where_the_whole_fat_is_known_its_rest_lies_below_the_fascia(temple):
    skin = temple.with_fascia(4e-3)
    assert skin.bottom_of("deep_fat") == pytest.approx(temple.bottom_of("fat"))
    assert skin.top_of("muscle") == pytest.approx(temple.top_of("muscle"))


def test_a_measured_fascia_has_the_better_of_a_fat_from_the_table(temple):
    skin = temple.with_fascia(7e-3)
    assert skin.layer("deep_fat").thickness == pytest.approx(load()["tissue/thickness/deep_fat.thickness"].si_low)
    assert any("at its thinnest" in said for said in skin.assumptions)


def test_deep_fat_may_be_all_used_up():
    whole = Skin.of(Layer("dermis", 1e-3), Layer("fat", 3e-3), Layer("muscle", 5e-3))
    assert names(whole.with_fascia(3e-3, 1e-3)) == ["dermis", "fat", "smas", "muscle"]


def test_what_was_measured_survives_another_age_and_other_facts(cheek):
    skin = cheek.with_fascia(thickness=0.8e-3).with_bone()
    older = skin.with_(age=80)
    assert names(older) == names(skin)
    assert older.layer("smas").thickness == 0.8e-3
    assert older.fascia_depth == pytest.approx(older.top_of("smas"))
    thicker = cheek.with_fascia().with_facts(skin.facts.with_value("tissue/thickness/smas.thickness", 2.0))
    assert thicker.layer("smas").thickness == pytest.approx(2e-3)


def test_fascia_stays_where_the_fat_ends_when_a_layer_above_is_measured(cheek):
    assert cheek.with_layer("fat", thickness=6e-3).fascia_depth == pytest.approx(cheek.top_of("fat") + 6e-3)
    skin = cheek.with_fascia().with_layer("reticular dermis", thickness=1.2e-3)
    assert skin.fascia_depth == pytest.approx(skin.top_of("smas"))


def test_bone_ends_the_skin_at_its_depth(cheek):
    skin = cheek.with_bone(8e-3)
    assert names(skin)[-1] == "bone"
    assert skin.top_of("bone") == pytest.approx(8e-3)
    assert cheek.with_bone().top_of("bone") == pytest.approx(cheek.bottom_of("muscle"))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.with_fascia(),
        lambda s: s.with_fascia(4e-3, 1e-3, 1e-3),
        lambda s: s.with_layer("reticular dermis", thickness=1.4e-3),
        lambda s: s.with_layer("fat", thickness=2e-3),
        lambda s: s.with_layer("bone", thickness=3e-3),
        lambda s: s.with_layer("fat", thickness=3e-3).with_fascia().with_layer("smas", thickness=0.5e-3),
        lambda s: s.with_(age=80, bmi=33.0),
        lambda s: s.with_fascia().with_(age=25),
        lambda s: s.with_facts(s.facts.with_value("tissue/thickness/cheek.fascia_depth.ultrasound", 6.9)),
    ],
)
def test_bone_stays_at_the_depth_it_was_measured_at(cheek, change):
    skin = change(cheek.with_bone(11.5e-3))
    assert names(skin)[-1] == "bone"
    assert skin.top_of("bone") == pytest.approx(11.5e-3, rel=1e-12)
    assert "Bone: depth as given." in skin.assumptions


@pytest.mark.parametrize("room", [thermal, optics, acoustics])
def test_every_room_knows_the_deeper_layers(cheek, room):
    skin = cheek.with_fascia().with_bone()
    if room is thermal:
        medium = thermal.medium(skin)
        assert np.all(np.isfinite(medium.conductivity))
        assert medium.density[names(skin).index("bone")] == 1908.0  # IT'IS, cortical
    elif room is optics:
        assert all(np.all(np.isfinite(layer.absorption)) for layer in optics.layers(skin, [1064e-9]))
        assert any("fascia" in said or "smas" in said for said in optics.assumptions(skin, [1064e-9]))
    else:
        assert len(acoustics.layers(skin, standoff=1e-2)) == len(skin.layers) + 1
    groups = {row.name.split("/")[2].split(".")[0] for row in room.rows(skin)}
    assert {"smas", "bone"} <= groups
    assert not {"smas", "bone"} & {row.name.split("/")[2].split(".")[0] for row in room.rows(cheek)}


def test_layers_read_from_a_picture_stand_as_measured(cheek):
    skin = measured(
        cheek,
        [
            ("fat", {"thickness": 3e-3}), ("superficial fascia", {"thickness": 0.8e-3, "water": 0.5}),
            ("deep fat", {"thickness": 1e-3}), ("muscle", {"thickness": 2e-3}), ("bone", {}), ("epidermis", {}),
        ],
    )  # fmt: skip
    assert [layer.thickness for layer in skin.layers[4:-1]] == [3e-3, 0.8e-3, 1e-3, 2e-3]
    assert names(skin)[-1] == "bone"
    assert skin.layer("smas").water == 0.5
    assert skin.with_(age=70).top_of("bone") == pytest.approx(skin.with_(age=70).bottom_of("muscle"))


def test_a_fat_measured_where_no_fascia_is_published_counts_to_the_fascia(temple):
    skin = measured(temple, [("fat", {"thickness": 3e-3}), ("smas", {})])
    assert skin.fascia_depth == pytest.approx(temple.top_of("fat") + 3e-3)


THICK = Skin.of(Layer("dermis", 1e-3), Layer("fat", 3e-3), Layer("muscle", 5e-3))


@pytest.mark.parametrize(
    ("attempt", "key", "words"),
    [
        (lambda s: s.with_fascia(0.5e-3), "smas.depth", "above the fat, which begins at 0.87"),
        (lambda s: s.with_fascia(thickness=0.0), "smas.thickness", "not positive"),
        (lambda s: s.with_fascia(thickness=-1e-3), "smas.thickness", "not positive"),
        (lambda s: s.with_fascia(deep_fat=0.0), "deep_fat.thickness", "not positive"),
        (lambda s: s.with_fascia(math.nan), "smas.depth", "above 0 m"),
        (lambda s: s.with_fascia("4 mm"), "smas.depth", "not a number"),
        (lambda s: s.with_layer("fat", thickness=3e-3).with_fascia(4e-3), "smas.depth", "below the fat, which ends"),
        (lambda s: THICK.with_fascia(3.5e-3, 1e-3), "smas.depth", "would end at 4.5 mm, below the fat"),
        (lambda s: THICK.with_fascia(5e-3), "smas.depth", "below the fat, which ends at 4 mm"),
        (lambda s: THICK.with_bone(3.9e-3), "bone.depth", "above the end of the muscle, which begins at 4 mm"),
        (lambda s: s.with_bone(3e-3), "bone.depth", "above the end of the muscle"),
        (lambda s: s.with_bone(-1.0), "bone.depth", "above 0 m"),
        (lambda s: s.with_bone(11.5), "bone.depth", r"11\.5 is no depth of this; allowed: 0\.0002 to 0\.06 m"),
        (lambda s: s.with_fascia(4.1), "smas.depth", r"4\.1 is no depth of this; allowed: 0\.0002 to 0\.06 m"),
        (lambda s: s.with_bone(61e-3), "bone.depth", "4.1 mm is 4.1e-3"),
        (lambda s: s.with_fascia(4.1e-6), "smas.depth", "no depth of this"),
        (lambda s: s.with_fascia(thickness=1.2), "smas.thickness", r"thicker than any .* up to 0\.2 m. Lengths are"),
        (lambda s: s.with_fascia(deep_fat=0.9), "deep_fat.thickness", "thicker than any layer"),
        (lambda s: s.with_layer("fat", thickness=3.0), "fat.thickness", "thicker than any layer"),
        (lambda s: Layer("dermis", 1.5), "dermis.thickness", "thicker than any layer"),
        (lambda s: s.with_bone(8e-3).with_layer("fat", thickness=8e-3), "bone.depth", "above the end of the muscle"),
        (lambda s: s.with_bone(8e-3).with_layer("muscle", thickness=8e-3), "muscle.thickness", "depth was given"),
        (lambda s: s.with_fascia().with_fascia(), "layer", "already"),
        (lambda s: s.with_bone().with_bone(), "layer", "already"),
        (lambda s: s.with_layer("smas", thickness=1e-3), "layer", "Use with_fascia"),
        (lambda s: s.with_layer("bone", thickness=1e-3), "layer", "Use with_bone"),
        (lambda s: Skin.of(Layer("dermis", 1e-3)).with_fascia(2e-3), "smas", "needs a fat"),
        (lambda s: Skin.of(Layer("muscle", math.inf)).with_bone(), "bone.depth", "endless"),
        (lambda s: measured(s, [("fat", {}), ("hypodermis", {})]), "layer", "given twice"),
        (lambda s: measured(s, [("fat", {"thickness": -1e-3}), ("smas", {})]), "fat.thickness", "not positive"),
        (lambda s: Skin.at("temple").with_fascia(), "smas.depth", "no published depth"),
    ],
)  # fmt: skip
def test_layers_that_do_not_add_up_are_one_clear_error(cheek, attempt, key, words):
    with pytest.raises(InputError, match=words) as caught:
        attempt(cheek)
    assert caught.value.key == key
