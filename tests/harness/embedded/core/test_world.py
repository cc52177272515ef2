"""What a service keeps for one world is found in that world, and in no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.embedded.settings import Settings
from qa.embedded.world import World


class Shelf:
    """Stands for what a service keeps."""


def test_each_world_has_its_own_part_and_the_later_one_counts() -> None:
    first, second = (World(settings=Settings(), scratch=Path()) for _ in range(2))
    shelves = [Shelf(), Shelf(), Shelf()]
    first.add(shelves[0])
    second.add(shelves[1])
    first.add(shelves[2])

    assert [first.part(Shelf), second.part(Shelf)] == [shelves[2], shelves[1]]


def test_a_part_that_nobody_added_is_named() -> None:
    with pytest.raises(LookupError, match="the embedded AWS has no Shelf: its service is not installed"):
        World(settings=Settings(), scratch=Path()).part(Shelf)
