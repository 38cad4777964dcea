import pytest

from tauten.errors import InputError
from tauten.skin.sites import check_side, site, sites

NAMED_IN_THE_PLAN = [
    "forehead", "brow", "temple", "eyelid", "periorbital", "cheek", "perioral", "jawline", "submentum", "neck",
    "decolletage", "upper_arm", "abdomen", "back", "buttock", "thigh", "knee", "hand",
]  # fmt: skip


def test_the_table_holds_every_treatment_area_and_no_other():
    assert [s.key for s in sites().values()] == NAMED_IN_THE_PLAN


@pytest.mark.parametrize("written", ["upper arm", "upper_arm", "Upper-Arm", " upper  arm "])
def test_a_site_is_found_however_it_is_written(written):
    assert site(written).key == "upper_arm"


def test_common_words_lead_to_their_site():
    assert site("crow's feet").name == "periorbital"
    assert site("décolleté").name == "decolletage"


@pytest.mark.parametrize("wrong", ["elbow", "", "cheeks!", 3, None])
def test_an_unknown_site_names_the_known_ones(wrong):
    with pytest.raises(InputError, match="forehead"):
        site(wrong)


def test_paired_sites_have_left_and_right_and_single_ones_only_a_middle():
    assert check_side(site("cheek"), "left") == "left"
    assert check_side(site("cheek"), None) is None
    assert check_side(site("forehead"), "middle") == "middle"
    with pytest.raises(InputError, match=r"left \| right \| both"):
        check_side(site("cheek"), "middle")
    with pytest.raises(InputError, match="middle"):
        check_side(site("neck"), "left")
