"""`qa init`: reads the templates of a project and writes what qa needs to test them."""

from __future__ import annotations

from .files import Written, write
from .reading import Source, assembly_regions, find_assembly, find_sources, regions_named
from .scheme import Scheme, scheme_of

__all__ = [
    "Scheme",
    "Source",
    "Written",
    "assembly_regions",
    "find_assembly",
    "find_sources",
    "regions_named",
    "scheme_of",
    "write",
]
