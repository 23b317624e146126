"""The version of a dataset that a run was trained on, where it lies in the workspace."""

from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.manifest import describe
from recdesk.workspace.dataset_versions import folder_of_version
from recdesk.workspace.runs import Run


def stored_dataset(run: Run, if_gone: Message, if_other: Message) -> tuple[Path, dict[str, Any]]:
    """Folder and manifest (see `describe`) of a run's dataset; after an update, of its older version.

    Args:
        run: the run.
        if_gone, if_other: what to do where it was removed, or has other content.

    Raises:
        DataError: it was removed, is damaged, or has other content.
    """
    folder = folder_of_version(run.workspace, run.dataset_name, run.dataset_hash)
    if not folder.is_dir():
        raise DataError(Message("run.dataset-gone", name=run.dataset_title, run=run.id), if_gone)
    facts = describe(folder)
    if facts["hash"] != run.dataset_hash:
        raise DataError(Message("run.dataset-other", name=run.dataset_title, run=run.id), if_other)
    return folder, facts
