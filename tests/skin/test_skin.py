import math

import numpy as np
import pytest

from tauten.errors import InputError
from tauten.facts import load
from tauten.skin.layer import Layer
from tauten.skin.sites import sites
from tauten.skin.skin import Skin

SEXES = ("female", "male")

SIX = ("stratum_corneum", "epidermis", "papillary_dermis", "reticular_dermis", "fat", "muscle")


@pytest.mark.parametrize("sex", [*SEXES, None])
@pytest.mark.parametrize("place", list(sites()))
def test_every_site_has_six_layers_in_order_with_room_for_each(place, sex):
    for age, bmi in ((18, 17), (52, 24), (90, 45)):
        skin = Skin.at(place, age=age, sex=sex, phototype=3, bmi=bmi)
        assert tuple(layer.name for layer in skin.layers) == SIX
        assert np.all(np.diff(skin.depths) > 0)
        assert skin.depths[0] == 0
        assert all(layer.low <= layer.thickness <= layer.high for layer in skin.layers)


@pytest.mark.parametrize("place", list(sites()))
def test_every_end_of_every_spread_still_makes_a_skin(place):
    skin = Skin.at(place, age=60, sex="female", phototype=2, bmi=23)
    for row in skin.rows:
        for end in (row.low, row.high):
            moved = skin.with_facts(load().with_value(row.name, end))
            assert np.all(np.diff(moved.depths) > 0)


@pytest.mark.parametrize("place", ["forehead", "cheek", "eyelid", "jawline", "neck", "thigh"])
def test_dermis_thins_with_age(place):
    thickness = [dermis(Skin.at(place, age=age, sex="female", phototype=2, bmi=24)) for age in (25, 45, 65, 85)]
    assert thickness == sorted(thickness, reverse=True)
    assert thickness[0] > thickness[-1]


def test_female_facial_dermis_is_thinner_than_male_as_measured():
    # Meng 2022, table 2: forehead 0.86 and 1.17 mm, at the age the means are taken to hold.
    women, men = (dermis(Skin.at("forehead", age=45, sex=sex, phototype=2, bmi=24)) for sex in SEXES)
    assert women == pytest.approx(0.86e-3)
    assert men == pytest.approx(1.17e-3)


def test_without_sex_the_dermis_is_the_mean_of_both_and_says_so():
    skin = Skin.at("forehead", age=45, phototype=2, bmi=24)
    assert dermis(skin) == pytest.approx((0.86e-3 + 1.17e-3) / 2)
    assert any("mean of women and men" in line for line in skin.assumptions)


def test_facial_epidermis_is_the_histological_one():
    # Chopra 2015: 29.6 to 62.6 µm over 39 places. The ultrasound entry echo would be 170 to 220 µm.
    for place in (s.name for s in sites().values() if s.region == "face"):
        skin = Skin.at(place, age=50, sex="female", phototype=2, bmi=24)
        assert 29.6e-6 <= skin.bottom_of("epidermis") <= 62.6e-6 * (1 + 1e-9)


def test_histology_and_ultrasound_are_never_mixed():
    for name, row in load().under("tissue/thickness").items():
        method = {"histology": "histology", "hfus": "ultrasound", "ultrasound": "ultrasound", "scan": "scan"}
        said = [word for key, word in method.items() if key in name.split(".")]
        if not said:
            continue
        assert len(said) == 1, name
        assert said[0] in row.note.split(";")[0], f"{name} does not name its method first"
        if "epidermis" in name or "stratum_corneum" in name:
            assert "histology" in name
        if ".dermis" in name or ".fat" in name or "fascia" in name:
            assert "histology" not in name
    skin = Skin.at("cheek", age=50, sex="female", phototype=2, bmi=24)
    assert any("histology" in line and "ultrasound" in line for line in skin.assumptions)


def test_superficial_fascia_ends_the_fat_where_its_depth_is_published():
    # Ultrasound, n=150: buccal 4.82 mm; the body-mass index here is the reference, so nothing moves it.
    skin = Skin.at("cheek", age=45, sex="female", phototype=2, bmi=27)
    assert skin.fascia_depth == pytest.approx(4.82e-3)
    assert skin.bottom_of("fat") == pytest.approx(skin.fascia_depth)
    assert Skin.at("thigh", age=45, sex="female", phototype=2, bmi=27).fascia_depth is None


def test_more_body_mass_means_more_fat_and_the_same_dermis():
    lean, heavy = (Skin.at("abdomen", age=45, sex="female", phototype=2, bmi=bmi) for bmi in (20, 30))
    # Gibney 2010: 4 mm of fat per 10 kg/m²; women have more, so theirs moves a little more.
    assert heavy.layer("fat").thickness - lean.layer("fat").thickness == pytest.approx(4e-3, rel=0.4)
    assert dermis(lean) == dermis(heavy)


def test_women_have_more_fat_on_the_body_by_what_was_measured():
    # Gibney 2010: 5.1 mm more in women, over a mean of 12.6 mm for the four sites.
    women, men = (Skin.at("abdomen", age=45, sex=sex, phototype=2, bmi=29).layer("fat").thickness for sex in SEXES)
    assert (women + men) / 2 == pytest.approx(13.9e-3)
    assert (women - men) / (women + men) * 2 == pytest.approx(5.1 / 12.6, rel=0.02)


def test_phototype_maps_onto_melanin_and_melanin_overrides_it():
    fractions = [Skin.at("cheek", age=40, sex="female", phototype=k, bmi=24).melanin for k in range(1, 7)]
    assert fractions == pytest.approx([0.016, 0.03, 0.055, 0.12, 0.18, 0.30])
    given = Skin.at("cheek", age=40, sex="female", phototype=2, bmi=24, melanin=0.2)
    assert given.melanin == 0.2
    assert given.layer("epidermis").melanin == 0.2
    assert given.phototype == 2
    assert not any("mapped from phototype" in line for line in given.assumptions)


def test_melanin_stays_in_the_epidermis():
    skin = Skin.at("cheek", age=40, sex="female", phototype=6, bmi=24)
    assert [layer.name for layer in skin.layers if layer.melanin > 0] == ["epidermis"]


def test_epidermis_has_no_blood():
    skin = Skin.at("cheek", age=40, sex="female", phototype=3, bmi=24)
    assert skin.layer("epidermis").blood == 0
    assert skin.layer("stratum_corneum").blood == 0
    assert skin.layer("papillary_dermis").blood > 0


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"age": -1}, "18 to 100"),
        ({"age": math.nan}, "18 to 100"),
        ({"age": 17}, "18 to 100"),
        ({"age": "52"}, "18 to 100"),
        ({"age": True}, "18 to 100"),
        ({"bmi": 0}, "12 to 70"),
        ({"bmi": math.inf}, "12 to 70"),
        ({"phototype": 7}, "1 to 6"),
        ({"phototype": 0}, "1 to 6"),
        ({"phototype": 2.5}, "1 to 6"),
        ({"melanin": -0.1}, "0 to 0.5"),
        ({"melanin": "5 %"}, "0 to 0.5"),
        ({"melanin": [0.1]}, "0 to 0.5"),
        ({"melanin": 5.5}, "0 to 0.5"),
        ({"melanin": math.nan}, "0 to 0.5"),
        ({"sex": "f"}, "female | male"),
        ({"side": "middle"}, "left | right"),
    ],
)
def test_impossible_people_are_refused_with_the_allowed_range(given, named):
    with pytest.raises(InputError) as caught:
        Skin.at("cheek", **given)
    assert named in str(caught.value)


def test_what_is_not_given_is_assumed_aloud():
    said = " ".join(Skin.at("cheek").assumptions)
    for part in ("Age not given: 50", "BMI not given: 24", "phototype 3 assumed"):
        assert part in said
    told = " ".join(Skin.at("cheek", age=52, sex="female", phototype=3, bmi=22).assumptions)
    assert "not given" not in told


def test_a_site_without_its_own_value_says_whose_it_takes():
    said = " ".join(Skin.at("perioral", age=50, sex="female", phototype=2, bmi=24).assumptions)
    assert "nearest site, the zygoma" in said


def test_changing_an_input_works_everything_out_anew_and_leaves_the_first_alone():
    young = Skin.at("cheek", age=30, sex="female", phototype=2, bmi=24)
    old = young.with_(age=70)
    assert dermis(old) < dermis(young) == dermis(Skin.at("cheek", age=30, sex="female", phototype=2, bmi=24))
    assert old.age == 70
    assert young.age == 30
    assert young.with_(phototype=5).melanin == pytest.approx(0.18)


def test_changed_facts_reach_the_layers():
    skin = Skin.at("cheek", age=45, sex="female", phototype=2, bmi=27)
    moved = skin.with_facts(load().with_value("tissue/thickness/cheek.dermis.hfus.female", 1.2))
    assert dermis(moved) == pytest.approx(1.2e-3)


def test_a_measured_layer_replaces_the_published_one_and_survives_other_changes():
    skin = Skin.at("cheek", age=45, sex="female", phototype=2, bmi=27)
    measured = skin.with_layer("subcutaneous fat", thickness=6e-3)
    assert measured.layer("fat").thickness == 6e-3 == measured.layer("fat").high
    assert any("as given" in line for line in measured.assumptions)
    assert measured.with_(age=70).layer("fat").thickness == 6e-3


def test_a_skin_layer_by_layer():
    skin = Skin.of(Layer("epidermis", 1e-4, water=0.7, melanin=0.03), Layer("dermis", 1.5e-3), Layer("fat", math.inf))
    assert skin.depths[:3] == pytest.approx([0.0, 1e-4, 1.6e-3])
    assert math.isinf(skin.depths[3])
    assert (skin.top_of("dermis"), skin.bottom_of("dermis")) == pytest.approx((1e-4, 1.6e-3))
    assert skin.melanin == 0.03
    with pytest.raises(InputError, match="layer by layer"):
        skin.with_(age=50)


def test_dermis_means_both_its_parts():
    skin = Skin.at("cheek", age=45, sex="female", phototype=2, bmi=24)
    assert skin.top_of("dermis") == skin.top_of("papillary_dermis")
    assert skin.bottom_of("dermis") == skin.bottom_of("reticular dermis")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Skin.of(),
        lambda: Skin.of(Layer("fat", 1e-3), Layer("fat", 1e-3)),
        lambda: Skin.of(Layer("dermis", math.inf), Layer("fat", 1e-3)),
        lambda: Layer("dermis", -1e-3),
        lambda: Layer("dermis", math.nan),
        lambda: Layer("fat", "1 mm"),
        lambda: Layer("fat", None),
        lambda: Layer("fat", True),
        lambda: Layer("fat", 1e-3, low="thin"),
        lambda: Layer("dermis", 1e-3, water="a"),
        lambda: Layer("dermis", 1e-3, perfusion="a"),
        lambda: Layer("dermis", 1e-3, low=2e-3),
        lambda: Layer("dermis", 1e-3, water=1.2),
        lambda: Layer("dermis", 1e-3, water=math.nan),
        lambda: Layer("epidermis", 1e-4, water=0.7, melanin=0.5),
        lambda: Layer("tooth", 1e-3),
        lambda: Layer("dermis", 1e-3, perfusion=-1.0),
        lambda: Skin.at("cheek").with_(weight=70),
        lambda: Skin.at("cheek").with_layer("dermis", depth=1e-3),
        lambda: Skin.of(Layer("dermis", 1e-3)).layer("fat"),
    ],
)
def test_impossible_layers_are_refused(make):
    with pytest.raises(InputError):
        make()


def test_the_rows_of_a_skin_are_the_ones_that_move_it():
    skin = Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)
    names = {row.name for row in skin.rows}
    assert "tissue/thickness/cheek.dermis.hfus.female" in names
    assert "tissue/pigment/phototype_3.melanin" in names
    assert "tissue/thickness/cheek.dermis.hfus.male" not in names


def dermis(skin):
    return skin.bottom_of("dermis") - skin.top_of("dermis")


def test_melanin_that_leaves_too_little_room_takes_the_waters_and_says_so():
    skin = Skin.at("cheek", age=40, sex="female", bmi=24, melanin=0.45)
    assert skin.layer("epidermis").water == pytest.approx(0.55)
    assert any("less room for water" in line for line in skin.assumptions)
