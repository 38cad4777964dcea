import numpy as np
import pytest

from tauten.facts import load
from tauten.skin import chromophores

SEGELSTEIN = [(1.0691, 1.2589e-6), (1.3213, 1.9120e-5), (1.4488, 3.6374e-4), (1.5417, 1.4414e-4)]
WANG_BETWEEN = {
    1388: 0.902730, 1392: 1.14573, 1396: 1.41453, 1400: 1.70012, 1404: 2.02078, 1408: 2.28625, 1412: 2.54991,
    1416: 2.77139, 1422: 3.00935, 1424: 3.10140,
}  # fmt: skip
"""Points of the paper [nm: k x 1e4] that the shipped table leaves out."""


@pytest.mark.parametrize(("micrometres", "k"), SEGELSTEIN)
def test_segelstein_table_gives_back_its_own_points(micrometres, k):
    absorption = 4 * np.pi * k / (micrometres * 1e-6)
    assert chromophores.water_absorption_segelstein_1981(micrometres * 1e-6) == pytest.approx(absorption, rel=4e-3)


def test_water_between_kept_points_on_the_1400_nm_edge_is_what_wang_measured():
    for nm, k in WANG_BETWEEN.items():
        absorption = 4 * np.pi * k * 1e-4 / (nm * 1e-9)
        assert chromophores.water_absorption_wang_2017(nm * 1e-9) == pytest.approx(absorption, rel=0.01)


def test_the_two_water_tables_join_without_a_step():
    waves = np.arange(1150, 1960, 0.5) * 1e-9
    absorption = chromophores.water_absorption(waves, 295.15)
    steps = np.abs(np.diff(np.log(absorption)))
    assert np.max(steps) < 0.06  # the steepest rise of either table alone is 0.05 per half nanometre
    assert np.all(absorption > 0)


def test_water_agrees_between_two_measurements_except_on_the_band_edges():
    waves = np.array([1210, 1250, 1320, 1440, 1450, 1600, 1700]) * 1e-9
    ours, other = chromophores.water_absorption_wang_2017(waves), chromophores.water_absorption_segelstein_1981(waves)
    assert ours == pytest.approx(other, rel=0.06)


def test_hot_water_absorbs_more_below_the_band_and_less_above():
    # Röttgers 2014: +12.4 1/m/K at 1420 nm, -10.4 at 1478 nm, -0.046 at 1064 nm.
    for nm, slope in ((1420, 12.405), (1478, -10.405), (1064, -0.0463)):
        warm, cold = (float(chromophores.water_absorption(nm * 1e-9, t)) for t in (320.0, 310.0))
        assert (warm - cold) / 10 == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize("kelvin", [273.15, 310.15, 373.15])
def test_water_stays_positive_from_ice_to_boiling(kelvin):
    assert np.all(chromophores.water_absorption(np.arange(400, 2001) * 1e-9, kelvin) > 0)


def test_water_temperature_curve_passes_the_separate_reading_at_2014_nm():
    read = load().si("tissue/optics/water.temperature_coefficient_2014")
    assert chromophores.curve_at("water_temperature", 2014e-9, logarithmic=False) == pytest.approx(read, rel=0.1)


def test_melanosome_lies_between_the_published_forms_of_its_law():
    # 6.6e11 nm^-3.33 (Jacques 1998) and 519 (nm/500)^-3 (Jacques 2013), 1/cm.
    for nm in (755, 1064, 1320):
        forms = [1.70e12 * nm**-3.48, 6.6e11 * nm**-3.33, 519 * (nm / 500) ** -3]
        found = float(chromophores.melanosome_absorption(nm * 1e-9)) / 100
        assert min(forms) * 0.999 <= found <= max(forms)
    scale = load()["tissue/optics/melanin_absorption_scale"]
    found = float(chromophores.melanosome_absorption(1064e-9)) / 100
    assert found * scale.low <= 49.7
    assert found * scale.high >= 54.9


def test_oxygenated_blood_is_the_darker_at_1064_and_the_lighter_at_660_nm():
    full, empty = (chromophores.blood_absorption(np.array([660, 1064]) * 1e-9, s) for s in (1.0, 0.0))
    assert full[0] < empty[0]
    assert full[1] > empty[1]
    half = chromophores.blood_absorption(np.array([660, 1064]) * 1e-9, 0.5)
    assert half == pytest.approx((full + empty) / 2)


def test_lipid_has_its_bands_and_joins_its_measured_part():
    lipid = chromophores.lipid_absorption(np.array([1064, 1098, 1099, 1210, 1320, 1720]) * 1e-9) / 100
    assert lipid[0] == pytest.approx(0.0536, rel=0.05)  # van Veen 2005
    assert lipid[1] == pytest.approx(lipid[2], rel=0.05)
    assert lipid[3] > 5 * lipid[4]
    assert lipid[5] > lipid[3]


def test_baseline_loses_its_water_in_the_infrared():
    visible, infrared = chromophores.baseline_absorption(np.array([500e-9, 1300e-9])) / 100
    assert visible == pytest.approx(0.244 + 85.3 * np.exp(-(500 - 154) / 66.2))
    assert infrared == pytest.approx(0.05, rel=1e-3)
