"""One pulse of the infrared lamp on a cheek: how warm does each layer get, and how far is it from a burn?"""

import tauten


def main() -> tauten.Treatment:
    skin = tauten.Skin.at("cheek", age=52, sex="female", phototype=3)
    pulse = tauten.catalogue()["ir-lamp-1100-1800"].exposure(fluence="30 J/cm2", duration="5 s")
    treatment = tauten.simulate(skin, pulse)
    epidermis = treatment.summary["peak.epidermis"].value - 273.15
    burn = treatment.damage.epidermal_burn
    print(
        f"The epidermis peaks at {epidermis:.1f} °C and collects Ω = {burn.peak:.1g} ({burn.set_name}); 0.53 reddens."
    )
    return treatment


if __name__ == "__main__":
    main()
