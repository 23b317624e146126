import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.recommend.rules import Rules
from recdesk.workspace.rules import FILE, remove_rules, rules_named
from recdesk.workspace.workspace import Workspace
from tests.recommend.test_rules import EVERYTHING


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(tmp_path / "ws")


def test_rules_are_stored_under_their_name_replaced_and_removed(workspace: Workspace):
    workspace.save_rules(EVERYTHING)
    workspace.save_rules(Rules("kids", block=("1",)))
    workspace.save_rules(Rules("kids", block=("2",)))
    assert Workspace(workspace.folder).rules() == [Rules("kids", block=("2",)), EVERYTHING]
    assert rules_named(workspace.folder, "Shop") == EVERYTHING
    remove_rules(workspace.folder, "Shop")
    with pytest.raises(UsageError, match="no rules “Shop”") as caught:
        remove_rules(workspace.folder, "Shop")
    assert "“kids”" in caught.value.suggestion


@pytest.mark.parametrize("rules", [Rules(" ", block=("1",)), Rules("x" * 81, block=("1",)), Rules("empty")])
def test_rules_without_a_name_or_content_are_not_stored(workspace: Workspace, rules: Rules):
    with pytest.raises(UsageError):
        workspace.save_rules(rules)
    assert workspace.rules() == []


@pytest.mark.parametrize("change", [b'"cap": 2', b'"diversity": 0.3', b'"name": "Shop"'])
def test_a_changed_file_is_named_and_not_overwritten(workspace: Workspace, change: bytes):
    workspace.save_rules(EVERYTHING)
    path = workspace.folder / FILE
    raw = path.read_bytes().replace(change, change[:-1] + b'x"' if change.endswith(b'"') else change + b"1")
    assert raw != path.read_bytes()
    path.write_bytes(raw)
    for work in (workspace.rules, lambda: workspace.save_rules(Rules("kids", block=("1",)))):
        with pytest.raises(DataError, match=r"rules\.json"):
            work()
    assert path.read_bytes() == raw
