"""Doing what depends on one another in its order, and what does not at once."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from .project import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .project import Project

Needs = dict[Place, frozenset[Place]]
Ended = queue.Queue[tuple[Place, Exception | None]]


def needs_of(project: Project, places: tuple[Place, ...]) -> Needs:
    """Return what each place waits for: all of the stacks it needs, and its own stack's first region."""
    needs: Needs = {}
    for place in places:
        settings = project.stack(place.name)
        first = settings.regions[0]
        needs[place] = frozenset(
            other
            for other in places
            if other.name in settings.needs
            or (other.name == place.name and other.region == first != place.region)
        )
    return needs


def reversed_needs(needs: Needs) -> Needs:
    """Return who waits for whom on the way back: what others need goes after them."""
    return {place: frozenset(other for other in needs if place in needs[other]) for place in needs}


def in_order(needs: Needs, work: Callable[[Place], None]) -> None:
    """Do the work for every place, each after what it needs, and what is ready at once.

    When one fails, what has begun goes to its end, nothing else is begun, and the first error is raised with
    the others as notes. Ctrl-C ends the wait at once.
    """
    ended: Ended = queue.Queue()
    left, done, errors = dict(needs), set[Place](), list[Exception]()
    running = 0
    while left or running:
        ready = [] if errors else [place for place, needed in left.items() if needed <= done]
        for place in ready:
            del left[place]
            running += 1
        if len(ready) == running == 1:
            _do(work, ready[0], ended)  # nothing beside it: no thread, and Ctrl-C ends it where it is
        else:
            for place in ready:
                _begin(work, place, ended)
        if not running:
            break  # an error, and nothing goes on
        place, error = ended.get()
        running -= 1
        done.add(place)
        errors += [] if error is None else [error]
    if errors:
        for other in errors[1:]:
            errors[0].add_note(str(other))
        raise errors[0]


def _begin(work: Callable[[Place], None], place: Place, ended: Ended) -> None:
    # a daemon: an operation may take an hour, and nobody waits for it after Ctrl-C
    name = f"qa-{place.stack_name}-{place.region}"
    threading.Thread(target=_do, args=(work, place, ended), name=name, daemon=True).start()


def _do(work: Callable[[Place], None], place: Place, ended: Ended) -> None:
    try:
        work(place)
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        ended.put((place, error))
    else:
        ended.put((place, None))


def present(needs: Needs, there: Mapping[Place, object]) -> Needs:
    """Return the order among those places that are there."""
    return {place: frozenset(each for each in needs[place] if each in there) for place in there}
