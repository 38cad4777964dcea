import numpy as np
import pytest

from tauten.errors import InputError
from tauten.facts import load
from tauten.skin import thermal
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin


@pytest.fixture(scope="module")
def skin():
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)


@pytest.fixture(scope="module")
def medium(skin):
    return thermal.medium(skin)


def test_one_value_a_layer_in_the_skins_order(skin, medium):
    for name in (
        "conductivity",
        "density",
        "specific_heat",
        "perfusion",
        "water",
        "perfusion_rise",
        "dry_conductivity",
    ):
        assert np.shape(getattr(medium, name)) == (len(skin.layers),)


def test_tabulated_tissues_have_their_tabulated_values(medium):
    # IT'IS V4.2: skin 1109, 3390.5, 0.3722; fat 911, 2348.33, 0.2112; muscle 1090.4, 3421.2, 0.49497.
    assert medium.density == pytest.approx([1109, 1109, 1109, 1109, 911, 1090.4])
    assert medium.specific_heat == pytest.approx([3390.5] * 4 + [2348.33, 3421.2])
    assert medium.conductivity == pytest.approx([0.21, 0.21, 0.3721835, 0.3721835, 0.2112, 0.49496875])
    assert medium.density[2] * medium.specific_heat[2] == pytest.approx(3.76e6, rel=1e-4)


def test_perfusion_per_kilogram_becomes_the_pennes_heat_sink(medium):
    # 106.3813 ml/min/kg of skin is 7466 W/m3/K with blood 1049.75 kg/m3 and 3617 J/kg/K (7440.9 with 106 and 1050).
    sink = medium.perfusion[2] * medium.blood_heat_capacity
    assert sink == pytest.approx(106.3813e-6 / 60 * 1109 * 1049.75 * 3617, rel=1e-9)
    assert sink == pytest.approx(7441, rel=0.005)


def test_epidermis_has_no_perfusion(medium):
    assert np.all(medium.perfusion[:2] == 0)
    assert np.all(medium.perfusion[2:] > 0)
    assert np.all(medium.perfusion_rise[:2] == 1)


def test_water_is_a_mass_fraction(skin, medium):
    # 65 % by volume of tissue at 1109 kg/m3 is 58 % by mass.
    assert medium.water[2] == pytest.approx(0.65 * 993.3 / 1109)
    assert np.all((medium.water > 0) & (medium.water < 1))
    assert medium.dry_density == pytest.approx(medium.density * (1 - medium.water))


def test_labels_are_passed_on(skin):
    labels = np.array([[0, 1, 2], [3, 4, 5]])
    assert thermal.medium(skin, labels=labels).labels is labels


def test_warm_tissue_conducts_a_little_better(skin, medium):
    warm = thermal.medium(skin, temperature=320.15)
    assert warm.conductivity == pytest.approx(medium.conductivity * 1.025)


def test_ten_kelvin_move_conductivity_less_than_its_own_spread(skin, medium):
    warm = thermal.medium(skin, temperature=320.15).conductivity / medium.conductivity
    for tissue in ("epidermis", "dermis", "fat", "muscle"):
        row = load()[f"tissue/thermal/{tissue}.conductivity"]
        assert np.all(warm * row.value < row.high)


def test_wetter_tissue_conducts_and_stores_more(skin, medium):
    wet = thermal.medium(skin.with_layer("reticular_dermis", water=0.75))
    assert wet.conductivity[3] > medium.conductivity[3]
    assert wet.specific_heat[3] > medium.specific_heat[3]
    assert wet.conductivity[2] == medium.conductivity[2]


def test_a_given_perfusion_holds():
    skin = Skin.of(Layer("dermis", 1e-3, perfusion=0.01), Layer("fat", 1e-2, water=0.1))
    assert thermal.medium(skin).perfusion[0] == 0.01


def test_water_formula_crosses_the_tables():
    # Pure water: 0.6 W/m/K, 4190 J/kg/K, 1000 kg/m3; skin at 65 % within 15 % of the database's row.
    assert thermal.conductivity_cooper_trezek_1971(1.0) == pytest.approx(0.62, abs=0.01)
    assert thermal.specific_heat_cooper_trezek_1971(1.0) == pytest.approx(4190)
    assert thermal.density_cooper_trezek_1971(1.0) == pytest.approx(1000)
    assert thermal.conductivity_cooper_trezek_1971(0.65) == pytest.approx(0.372, rel=0.15)
    assert thermal.specific_heat_cooper_trezek_1971(0.65) == pytest.approx(3390.5, rel=0.05)


@pytest.mark.parametrize("temperature", [None, 315.0])
def test_every_row_named_is_one_that_moves_something(skin, temperature):
    names = {row.name.removeprefix("tissue/thermal/") for row in thermal.rows(skin, temperature=temperature)}
    assert {"dermis.conductivity", "fat.perfusion_rise", "blood.density", "core.temperature"} <= names
    assert not any(name.startswith(("air", "surface")) for name in names)
    assert any("temperature_coefficient" in name for name in names) == (temperature is not None)
    plain = thermal.medium(skin, temperature=temperature)
    for name in names - {"water.density"}:
        row = load()[f"tissue/thermal/{name}"]
        end = row.low if row.low < row.value else row.high
        moved = thermal.medium(skin, temperature=temperature, facts=load().with_value(row.name, end))
        assert any(
            not np.array_equal(np.asarray(a), np.asarray(b))
            for a, b in zip(vars(plain).values(), vars(moved).values(), strict=True)
            if a is not None
        ), name


def test_water_that_outweighs_its_layer_is_refused_by_name(skin):
    # Fat weighs 911 kg/m3 and water 993.3, so water can fill 0.917 of it at most.
    with pytest.raises(InputError, match=r"fat\.water = 1\.0 .* allowed: 0 to 0\.917"):
        thermal.medium(skin.with_layer("fat", water=1.0, lipid=0.0))
    assert thermal.medium(skin.with_layer("fat", water=0.917, lipid=0.0)).water[4] == pytest.approx(1.0, abs=1e-3)
