"""The part of a case that the ultrasound picture fills: coupling, depths, what must not be heated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from tauten.files.fields import Quantity

__all__ = ["Danger", "Imaging", "Section"]

PictureDepth = Annotated[float, Quantity("case/fields/imaging.depth", "m")]


class Section(BaseModel):
    """One table of the file: no key but its own, never edited."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Danger(Section):
    """What must not be heated, as found in the picture: its `name`, and the `depth` [m] it begins at."""

    name: str
    depth: PictureDepth


class Imaging(Section):
    """What the clinic's own ultrasound picture shows, for focused ultrasound and microneedling.

    Depths [m] count from the skin's surface. `coupling`, for focused ultrasound alone, is "full", or "gap" where air
    lies between head and skin; `smas_depth` that of the superficial fascia's upper face. Thicknesses of layers belong
    to [[skin.layers]].
    """

    coupling: Literal["full", "gap"] | None = None
    smas_depth: PictureDepth | None = None
    bone_depth: PictureDepth | None = None
    danger: tuple[Danger, ...] = ()
