"""A template's resources by region, and what each needs, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .dot import as_dot
from .mermaid import as_mermaid
from .picture import Arrow, Box, Picture, picture
from .svg import as_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.template import Template

__all__ = ["Arrow", "Box", "Picture", "as_dot", "as_mermaid", "as_svg", "drawn", "picture"]

_FORMS = {"dot": as_dot, "mermaid": as_mermaid, "svg": as_svg}


def drawn(
    template: Template,
    *,
    regions: Sequence[str],
    form: Literal["dot", "mermaid", "svg"],
    parameters: Mapping[str, str] | None = None,
) -> str:
    """Return the drawing of a template deployed to these regions."""
    return _FORMS[form](picture(template, regions=regions, parameters=parameters or {}))
