"""Import a sample as a person does who drops its folder, and say what is not right."""

import re
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files, propose
from tests.formats.log import Right, make_log
from tests.formats.samples import Format, title


def faults(of: Format, folder: Path) -> list[str]:
    """What an import of a sample, written into an empty folder, gets wrong; [] where it is right."""
    log = make_log()
    right = of.write(folder, log)
    try:
        data = import_files(propose([folder])).dataset
    except RecdeskError as error:
        if right.refused and right.refused in f"{error} {error.suggestion}":
            return []
        return [f"refused: {error} {error.suggestion}"]
    if right.refused:
        return [f"imported, not refused: {data.n_users} users, {data.n_items} items"]
    return _differences(data, right, right.histories(log))


def _differences(data: Dataset, right: Right, expected: dict[str, list[str]]) -> list[str]:
    found = {
        str(user): [str(data.item_ids[code - 1]) for code in data.items[begin:end]]
        for user, begin, end in zip(data.user_ids, data.offsets, data.offsets[1:], strict=False)
    }
    wrong: list[str] = []
    if set(found) != set(expected):
        wrong.append(f"users {sorted(found)[:3]} instead of {sorted(expected)[:3]} ({len(found)} of {len(expected)})")
    elif {user: sorted(items) for user, items in found.items()} != {u: sorted(items) for u, items in expected.items()}:
        user = next(user for user in expected if sorted(found[user]) != sorted(expected[user]))
        wrong.append(f"user {user}: items {found[user][:6]} instead of {expected[user][:6]}")
    elif right.times and found != expected:
        user = next(user for user in expected if found[user] != expected[user])
        wrong.append(f"user {user}: order {found[user][:6]} instead of {expected[user][:6]}")
    if (data.times is not None) != right.times:
        wrong.append("times are missing" if right.times else "times that are none")
    if right.ratings and data.ratings is None:
        wrong.append("ratings are missing")
    words = {word for text in data.titles for word in re.findall(r"\w+", str(text).casefold())}
    if right.titles and not {title(number).casefold() for number in range(1, 21)} & words:
        wrong.append(f"titles are missing: {list(map(str, data.titles[:3]))}")
    return wrong
