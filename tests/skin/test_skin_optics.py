import itertools
from importlib.resources import files

import numpy as np
import pytest

from tauten.errors import InputError, OutsideValidity
from tauten.facts import load
from tauten.skin import chromophores, optics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin

WAVES = np.arange(400, 2001, 10) * 1e-9
DEVICES = np.array([1064, 1320, 1450, 1540]) * 1e-9


def cheek(**given):
    return Skin.at("cheek", **{"age": 52, "sex": "female", "phototype": 3, "bmi": 24, **given})


@pytest.fixture(scope="module")
def seen():
    skin = cheek()
    return dict(zip((layer.name for layer in skin.layers), optics.layers(skin, WAVES), strict=True))


def test_one_optics_a_layer_with_one_value_a_wavelength(seen):
    for layer in seen.values():
        for values in (layer.absorption, layer.scattering, layer.anisotropy, layer.index):
            assert np.shape(values) == WAVES.shape
            assert np.all(np.isfinite(values))
        assert np.all(layer.absorption > 0)
        assert np.all(layer.scattering > 0)
        assert np.all((layer.index > 1.3) & (layer.index < 1.6))


def test_a_single_wavelength_is_one_value():
    assert np.shape(optics.layers(cheek(), 1064e-9)[0].absorption) == (1,)


def test_darker_skin_never_absorbs_less():
    by_type = [optics.layers(cheek(phototype=k), WAVES) for k in range(1, 7)]
    for lighter, darker in itertools.pairwise(by_type):
        assert np.all(darker[1].absorption > lighter[1].absorption)
        for a, b in zip(lighter[2:], darker[2:], strict=True):
            assert np.array_equal(a.absorption, b.absorption)


def test_more_melanin_never_absorbs_less_at_fixed_water():
    for water in (0.4, 0.7):
        layers = [Layer("epidermis", 1e-4, water=water, melanin=m) for m in (0.0, 0.02, 0.1, 0.3)]
        absorbed = [optics.layers(Skin.of(layer), WAVES)[0].absorption for layer in layers]
        for lighter, darker in itertools.pairwise(absorbed):
            assert np.all(darker > lighter)


def test_mixture_is_the_sum_of_its_parts_by_volume():
    # Jacques 2013, eq. 12, by hand for water and melanin alone at 1450 nm, where the baseline is its infrared floor.
    layer = Layer("epidermis", 1e-4, water=0.6, melanin=0.1)
    water, melanin = 31.31, 1.70e12 * 1450**-3.48
    by_hand = 0.6 * water + 0.1 * melanin + 0.9 * 0.05
    found = optics.layers(Skin.of(layer), 1450e-9, temperature=295.15)[0].absorption[0] / 100
    assert found == pytest.approx(by_hand, rel=2e-3)


def test_dermis_at_1320_to_1540_nm_is_fixed_by_its_water():
    # Working values 1.22, 20.6 and 7.9 1/cm for 65 % water; water fixes them to 15 %.
    dermis = optics.layers(cheek(), DEVICES)[2].absorption / 100
    assert dermis[1:] == pytest.approx([1.22, 20.6, 7.87], rel=0.15)


def test_hydrated_samples_absorb_more_than_living_dermis_and_the_spread_reaches_them():
    dermis = optics.layers(cheek(), DEVICES[1:])[2].absorption
    in_vitro = chromophores.absorption_in_vitro("dermis", DEVICES[1:])
    assert np.all(in_vitro > dermis)
    assert np.all(in_vitro <= dermis * load()["tissue/optics/dermis.absorption_scale"].high * 1.1)


def test_scattering_is_the_measured_table_and_not_the_power_law():
    # Salomatina 2006 at 1450 nm: 21.6 1/cm. The power law 45.3 (nm/500)^-1.292 has 11.4 there.
    dermis = optics.layers(cheek(), 1450e-9)[2]
    assert float(dermis.reduced_scattering[0]) / 100 == pytest.approx(21.6, rel=0.01)


@pytest.mark.parametrize("anisotropy", [0.8, 0.85, 0.9])
def test_anisotropy_changes_the_scattering_but_not_the_reduced(anisotropy):
    facts = load().with_value("tissue/optics/anisotropy", anisotropy)
    plain, changed = optics.layers(cheek(), DEVICES)[2], optics.layers(cheek(), DEVICES, facts=facts)[2]
    assert changed.reduced_scattering == pytest.approx(plain.reduced_scattering)
    assert np.all(changed.anisotropy == anisotropy)


def test_scattering_beyond_its_table_is_held_and_said():
    skin = cheek()
    far = optics.layers(skin, np.array([1602, 1700, 2000]) * 1e-9)[2].reduced_scattering
    assert far == pytest.approx(np.full(3, far[0]), rel=1e-3)
    assert any("Scattering beyond 1602 nm" in line for line in optics.assumptions(skin, WAVES))
    assert not any("1602" in line for line in optics.assumptions(skin, DEVICES))


def held(nm, skin=None):
    said = optics.assumptions(skin or cheek(), np.array(nm) * 1e-9)
    return {line.partition(" is held")[0] for line in said if "is held" in line}


def test_each_curve_that_ends_short_of_the_light_is_said():
    assert held([1064, 1540]) == set()
    assert held([1555]) == {"Refractive index beyond 1551 nm (fat)"}
    beyond_index = {"Refractive index beyond 1551 nm (fat)", "Refractive index beyond 1557 nm (dermis, epidermis)"}
    assert held([1560]) == beyond_index
    scattering = "Scattering beyond 1602 nm (dermis, epidermis, fat)"
    assert held([1320, 1720]) == beyond_index | {scattering}
    blood = {f"Absorption of {kind} blood beyond 1995 nm" for kind in ("oxygenated", "deoxygenated")}
    assert held([2000]) == beyond_index | {scattering} | blood
    assert held([425]) == {"Refractive index below 450 nm (fat)", "Absorption of pure fat below 429 nm"}
    dermis_alone = Skin.of(Layer("dermis", 1e-3))
    assert held([1560], dermis_alone) == {"Refractive index beyond 1557 nm (dermis)"}


@pytest.mark.parametrize(("nm", "said"), [(1064, False), (1100, False), (1320, True)])
def test_the_baseline_fit_beyond_its_range_is_said(nm, said):
    lines = optics.assumptions(cheek(), [nm * 1e-9])
    assert any("bloodless skin was fitted up to 1100 nm" in line for line in lines) == said
    assert any("fat beyond 1098 nm has no published table" in line for line in lines) == (nm > 1098)


def test_layers_a_skin_has_not_are_not_spoken_of():
    lines = optics.assumptions(Skin.of(Layer("dermis", 1e-3)), WAVES)
    assert not any("stratum corneum" in line or "fat" in line for line in lines)


CURVES = sorted(p.stem for p in (files("tauten") / "data" / "tissue" / "curves").iterdir() if "_in_vitro" not in p.stem)


def _forget():
    for kept in (chromophores._cubic_table, chromophores._cubic_at):
        kept.cache_clear()


@pytest.mark.parametrize("nm", [[1064], [1320], [1205, 1700], [1895]])
@pytest.mark.parametrize(
    "skin",
    [cheek(), Skin.of(Layer("dermis", 1e-3, blood=0.02, oxygenation=1.0)), Skin.of(Layer("muscle", 1e-2, water=0.7))],
    ids=["cheek", "dermis", "muscle"],
)
def test_the_curves_listed_are_those_that_move_the_optics(monkeypatch, skin, nm):
    waves = np.array(nm) * 1e-9
    read = chromophores._table
    _forget()
    plain = optics.layers(skin, waves)
    moving = set()
    for curve in CURVES:

        def higher(name, logarithmic, curve=curve):
            at, values = read(name, logarithmic)
            return at, values + 0.1 * (name == f"tissue/curves/{curve}") * (1.0 if logarithmic else values)

        monkeypatch.setattr(chromophores, "_table", higher)
        _forget()
        moved = optics.layers(skin, waves)
        if any(
            not np.array_equal(getattr(a, name), getattr(b, name))
            for a, b in zip(plain, moved, strict=True)
            for name in ("absorption", "scattering", "index")
        ):
            moving.add(f"tissue/curves/{curve}")
    monkeypatch.undo()
    _forget()
    assert {row.name for row in optics.curves(skin, waves)} == moving


def test_a_curve_stands_among_the_rows_with_its_source_and_never_moves():
    by_name = {row.name.rpartition("/")[2]: row for row in optics.curves(cheek())}
    assert set(by_name) == set(CURVES)
    for row in by_name.values():
        assert (row.value, row.low, row.high, row.si) == (1.0, 1.0, 1.0, 1.0)
        assert row.source
    assert by_name["dermis_index"].note.startswith("measured curve, 8 points, 325-1557 nm; real index")
    assert {name for name, row in by_name.items() if row.confidence == "unverified"} == {"lipid_absorption_infrared"}
    assert by_name["lipid_absorption_infrared"].note.startswith("drawn curve")
    near = {row.name for row in optics.curves(cheek(), [1064e-9])}
    assert "tissue/curves/lipid_absorption_infrared" not in near
    with pytest.raises(InputError, match="400 to 2000"):
        optics.curves(cheek(), [1064.0])


@pytest.mark.parametrize("wrong", [399e-9, 2001e-9, 1064.0, 0.0, -1e-6, np.nan, np.inf])
def test_wavelengths_outside_the_tables_are_refused_with_the_range(wrong):
    with pytest.raises(InputError, match="400 to 2000"):
        optics.layers(cheek(), [1064e-9, wrong])


@pytest.mark.parametrize("kelvin", [200.0, 400.0, np.nan])
def test_water_that_is_not_liquid_is_outside_validity(kelvin):
    with pytest.raises(OutsideValidity):
        optics.layers(cheek(), 1450e-9, temperature=kelvin)


def test_each_layer_can_have_its_own_temperature():
    skin = cheek()
    warm = [310.15] * 6
    warm[2] = 333.15
    plain, heated = optics.layers(skin, 1480e-9), optics.layers(skin, 1480e-9, temperature=warm)
    changed = [a.absorption[0] != b.absorption[0] for a, b in zip(plain, heated, strict=True)]
    assert changed == [False, False, True, False, False, False]
    with pytest.raises(ValueError, match="broadcast"):
        optics.layers(skin, 1480e-9, temperature=[310.15, 320.15])


@pytest.mark.parametrize(
    "knob",
    [
        "water_absorption_scale", "melanin_absorption_scale", "blood_absorption_scale", "lipid_absorption_scale",
        "epidermis.absorption_scale", "dermis.absorption_scale", "fat.absorption_scale", "dermis.scattering_scale",
        "epidermis.scattering_scale", "fat.scattering_scale", "water.temperature_scale", "baseline.floor_infrared",
    ],
)  # fmt: skip
def test_every_knob_moves_the_optics_and_is_among_the_rows(knob):
    skin, name = cheek(), f"tissue/optics/{knob}"
    assert name in {row.name for row in optics.rows(skin)}
    plain = optics.layers(skin, WAVES, temperature=320.0)
    moved = optics.layers(skin, WAVES, temperature=320.0, facts=load().with_value(name, load()[name].low))
    assert any(
        not np.array_equal(a.absorption, b.absorption) or not np.array_equal(a.scattering, b.scattering)
        for a, b in zip(plain, moved, strict=True)
    )


def test_rows_leave_out_the_layers_a_skin_has_not():
    names = {row.name for row in optics.rows(Skin.of(Layer("dermis", 1e-3)))}
    assert "tissue/optics/dermis.absorption_scale" in names
    assert "tissue/optics/fat.absorption_scale" not in names
