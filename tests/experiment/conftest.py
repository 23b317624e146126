"""A workspace for each test, as the tests of the storage have it."""

from tests.workspace.conftest import workspace  # noqa: F401
