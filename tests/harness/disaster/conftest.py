"""The same fresh deployment for each test as the changes in `reds` get."""

from tests.harness.reds.conftest import process, project, world

__all__ = ["process", "project", "world"]
