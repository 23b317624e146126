import pytest

from recdesk.workspace.workspace import Workspace
from tests.serving.making import drawn_run, workspace_with
from tests.serving.running import Client, serving


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    """With a run, and stored rules."""
    from recdesk.recommend.rules import Rules

    made = workspace_with(tmp_path_factory.mktemp("serving") / "ws")
    drawn_run(made)
    made.save_rules(Rules(name="shop", block=("0031",), cap_feature="genre", cap=2))
    return made


@pytest.fixture(scope="module")
def client(workspace: Workspace):
    """Of a server of the run."""
    with serving(workspace) as made:
        yield made


__all__ = ["Client", "client", "workspace"]
