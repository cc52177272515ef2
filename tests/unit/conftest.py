"""The values that the checks look at, each built once per session from lib/."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .subject import Subject, stack_under_test

if TYPE_CHECKING:
    from qa.template import Template

    from .stack import Stack


@pytest.fixture(scope="session")
def subject() -> Subject:
    return stack_under_test()


@pytest.fixture(scope="session")
def text(subject: Subject) -> str:
    return subject.text


@pytest.fixture(scope="session")
def source(subject: Subject) -> str:
    return subject.source


@pytest.fixture(scope="session")
def template(subject: Subject) -> Template:
    return subject.template


@pytest.fixture(scope="session")
def east(subject: Subject) -> Stack:
    return subject.east


@pytest.fixture(scope="session")
def west(subject: Subject) -> Stack:
    return subject.west


@pytest.fixture(scope="session")
def stacks(subject: Subject) -> tuple[Stack, Stack]:
    return subject.stacks


@pytest.fixture(scope="session")
def longest_named(subject: Subject) -> tuple[Stack, Stack]:
    return subject.longest_named
