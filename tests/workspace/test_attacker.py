"""After the key is deleted, somebody with the ids of the file and every byte of the workspace finds nobody by them."""

import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.pseudonym_keys import key_name, pseudonym
from recdesk.data.store import load_dataset
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.workspace.keys import save_key
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

KEY = hashlib.sha256(b"a key that the attacker does not have").digest()
PEOPLE = [f"Zoë.Müller+{n:03d}@post.example" for n in range(60)]
"""In the order of the file, which is also that of sorting."""
HEAD = "user,item,rating,time,note\n"


def word(text: str) -> str:
    """A text that tells nothing of the number in it, nor of its order."""
    return hashlib.sha1(text.encode()).hexdigest()[:8]


def rows_of(person: int) -> list[str]:
    """Six rows: two items that nobody took before, in a file that is sorted by user; the rest is chance."""
    chance = np.random.default_rng(person)
    items = [2 * person, 2 * person + 1, *chance.integers(0, 2 * person + 2, 4).tolist()]
    times = np.sort(chance.choice(10**6, 6, replace=False)) + 1_500_000_000
    return [
        f"{PEOPLE[person]},{word(f'item {item}')},5,{time},{word(f'note {person} {at}')}\n"
        for at, (item, time) in enumerate(zip(items, times.tolist(), strict=True))
    ]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Imported with rejects, dropped people and kept columns, trained on, updated, its key deleted."""
    folder = tmp_path_factory.mktemp("attacker")
    lines = [line for person in range(60) for line in rows_of(person)]
    broken = [f"{PEOPLE[0]},a,great,1500000001,x\n", f"{PEOPLE[1]}\n", f"{PEOPLE[2]},a,5,{PEOPLE[3]},x\n"]
    few = [f"seldom-{n}@post.example,{line.split(',', 1)[1]}" for n, line in enumerate(lines[:3])]
    users = write(folder / "users.csv", "user,gender\n" + "".join(f"{person},F\n" for person in PEOPLE) + "broken\n")
    log = write(folder / "log.csv", HEAD + "".join([*lines, *broken, *few]))
    plan = ImportPlan(log, users=users, name="shop", pseudonyms=True, keep_columns=True, min_user=2)
    workspace = Workspace(folder / "workspace")
    workspace.add_dataset(import_files(plan, key=KEY))
    save_key(workspace.keys, KEY)
    run = workspace.create_run("shop", small_config(epochs=1), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished"
    newer = write(folder / "newer.csv", HEAD + "".join([*lines[6:], *broken]))  # the first person left
    workspace.update_dataset("shop", newer)
    (workspace.keys / f".{key_name(KEY)}.key.0badbeef.part").write_text(KEY.hex())  # of a start that was killed
    assert workspace.pseudonym("shop", PEOPLE[5]) in workspace.dataset("shop").user_ids
    assert workspace.delete_key("shop")
    return workspace


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files, also unpacked and decoded."""
    for path in folder.rglob("*"):
        yield f"name of {path}", str(path.relative_to(folder)).encode()
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield str(path), content
        if path.suffix == ".parquet":
            table = pq.read_table(io.BytesIO(content))
            yield f"cells of {path}", json.dumps(table.to_pydict(), ensure_ascii=False).encode()
            yield f"schema of {path}", str(pq.read_metadata(io.BytesIO(content))).encode()


def written_forms(text: str) -> set[bytes]:
    """How an id may stand in a file."""
    raw = text.encode()
    return {
        raw, text.encode("utf-16-le"), text.encode("latin-1"), quote(text).encode(), raw.hex().encode(),
        json.dumps(text)[1:-1].encode(), text.casefold().encode(),
    }  # fmt: skip


def hashes(text: str, salts: list[bytes]) -> set[bytes]:
    """What can be computed of an id without the key, raw and as hexadecimal digits."""
    found: set[bytes] = set()
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        for salt in (b"", *salts):
            plain = hashlib.new(name, salt + text.encode()).digest()
            keyed = hmac.digest(salt, text.encode(), name) if salt else plain
            found |= {plain[:16], keyed[:16]}
    return found | {digest.hex().encode() for digest in found}


@pytest.mark.slow
def test_no_way_back_is_known(workspace: Workspace) -> None:
    assert workspace.reidentification_risks("shop") == []


def test_no_id_stands_anywhere_nor_does_the_key(workspace: Workspace) -> None:
    there = list(everything(workspace.folder))
    assert len(there) > 40
    needles = {form for person in (*PEOPLE, "seldom-1@post.example") for form in written_forms(person)}
    needles |= {b"post.example", KEY, KEY.hex().encode()}
    for where, content in there:
        found = [needle for needle in needles if needle in content]
        assert not found, (where, found)


def test_no_hash_that_needs_no_key_gives_a_pseudonym(workspace: Workspace) -> None:
    salts = [key_name(KEY).encode(), bytes.fromhex(key_name(KEY)), b"recdesk", b"recdesk pseudonyms\0"]
    there = b"\0".join(content for _, content in everything(workspace.folder))
    assert pseudonym(KEY, PEOPLE[7]).encode() in there  # what the attacker looks for is there
    for person in PEOPLE:
        assert not any(digest in there for digest in hashes(person, salts))


def folders(workspace: Workspace) -> list[Path]:
    """The dataset and its older version."""
    return [workspace.folder / "datasets" / "shop", *(workspace.folder / "versions").iterdir()]


def by_row(dataset: Dataset, _folder: Path) -> list[int]:
    return list(range(dataset.n_users))


def by_newest_item(dataset: Dataset, _folder: Path) -> list[int]:
    """In a file that is sorted by user, who brings later items stands later."""
    newest = [int(dataset.items[a:b].max()) for a, b in zip(dataset.offsets[:-1], dataset.offsets[1:], strict=True)]
    return list(np.argsort(newest, kind="stable"))


def by_first_item(dataset: Dataset, _folder: Path) -> list[int]:
    first = [int(dataset.items[a:b].min()) for a, b in zip(dataset.offsets[:-1], dataset.offsets[1:], strict=True)]
    return list(np.argsort(first, kind="stable"))


def by_dictionary(dataset: Dataset, folder: Path) -> list[int]:
    """A dictionary of a Parquet file may keep the order in which its values came."""
    column = pq.read_table(folder / "other_columns.parquet", read_dictionary=["note"]).column("note").combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    codes = column.indices.to_numpy()
    return list(np.argsort([codes[begin] for begin in dataset.offsets[:-1]], kind="stable"))


@pytest.mark.parametrize("attack", [by_row, by_newest_item, by_first_item, by_dictionary])
def test_no_order_tells_who_is_who(workspace: Workspace, attack: Callable[[Dataset, Path], list[int]]) -> None:
    for folder in folders(workspace):
        dataset = load_dataset(folder)
        there = [person for person in PEOPLE if pseudonym(KEY, person) in dataset.user_ids]
        assert len(there) >= 59
        guessed = [str(dataset.user_ids[user]) for user in attack(dataset, folder)]
        right = sum(pseudonym(KEY, person) == guess for person, guess in zip(there, guessed, strict=True))
        assert right <= 4, f"{right} of {len(there)}"  # by chance it is one
        places = pd.Series([guessed.index(pseudonym(KEY, person)) for person in there])
        assert abs(places.corr(pd.Series(range(len(there))), method="spearman")) < 0.4


def test_nothing_of_people_who_were_dropped_or_left_stays_in_a_dictionary(workspace: Workspace) -> None:
    gone = {word(f"note 0 {at}") for at in range(6)}
    tables = (pq.read_table(folder / "other_columns.parquet") for folder in folders(workspace))
    now, older = (set(table["note"].to_pylist()) for table in tables)
    assert older >= gone and not now & gone
    written = (folders(workspace)[0] / "other_columns.parquet").read_bytes()
    assert not any(note.encode() in written for note in gone)


def test_of_dropped_rows_nothing_is_kept(tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv", "user,item,note\na,x,kept\na,y,kept\nb,x,dropped\n")
    result = import_files(ImportPlan(log, keep_columns=True, min_user=2))
    assert result.other_columns is not None
    assert result.other_columns["note"].chunk(0).dictionary.to_pylist() == ["kept"]
