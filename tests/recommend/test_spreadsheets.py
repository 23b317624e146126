"""Exports as a spreadsheet shows them: opened by LibreOffice without a screen."""

import csv
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recdesk.recommend.export import export_top_n
from recdesk.recommend.export_forms import FileForm
from recdesk.recommend.recommender import LiveModel
from tests.needs import program

FORMULAS = ("=1+1", '=HYPERLINK("http://example.org","click")', "+1+1", "-1+1", "@SUM(1)", "\t=1+1")
TEXTS = ("三体, “地球往事” 第一部", 'a, b; "c"\td', "first line\nsecond line", "two\r\nlines", " =2+3", "a'b")


@pytest.fixture(scope="module")
def odd(live: LiveModel) -> LiveModel:
    """The model with titles that a spreadsheet might change, and ids of Chinese letters and commas."""
    dataset, titles = live.dataset, (*FORMULAS, *TEXTS)
    users = pd.Index([f"用户,{u:03}" for u in range(dataset.n_users)], dtype="str")
    items = pd.Index([f"i{i}" for i in range(dataset.n_items)], dtype="str")
    features = dataset.item_features.assign(title=[titles[i % len(titles)] for i in range(dataset.n_items)])
    return LiveModel(live.model, replace(dataset, user_ids=users, item_ids=items, item_features=features))


def in_libreoffice(path: Path, folder: Path) -> list[list[str]]:
    """Cells as LibreOffice displays them after a double click on a file."""
    # Filter options: separator, quote, encoding (9 tab, 44 comma, 34 quote, 76 UTF-8), first row; "as shown" is the 8th
    shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    separator = {".csv": 44, ".tsv": 9}.get(path.suffix)
    reading = [f"--infilter=Text - txt - csv (StarCalc):{separator},34,76,1"] if separator else []
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", *reading, "--convert-to", shown]
    done = subprocess.run([*command, "--outdir", str(folder / "shown"), str(path)], capture_output=True, timeout=120)
    files = list((folder / "shown").glob("*.csv"))
    assert len(files) == 1, done
    with files[0].open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def as_one_line_end(rows: list[list[str]]) -> list[list[str]]:
    """A cell keeps its line breaks; which of the three kinds they are is the spreadsheet's own."""
    return [[cell.replace("\r\n", "\n") for cell in row] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_a_spreadsheet_shows_what_was_exported_and_runs_nothing(odd: LiveModel, tmp_path: Path, ending: str):
    form = FileForm(columns=("user_id", "rank", "item_id", "title"))
    export_top_n(odd, tmp_path / f"out{ending}", 40, exclude_seen=False, form=form)
    header, *rows = in_libreoffice(tmp_path / f"out{ending}", tmp_path)
    assert header == list(form.columns) and len(rows) == 60 * 40
    guard = "" if ending == ".xlsx" else "'"
    titles = [f"{guard}{title}" if title in FORMULAS else title for title in odd.dataset.titles]
    of_item = dict(zip(odd.dataset.item_ids, titles, strict=True))
    assert as_one_line_end(rows) == as_one_line_end(
        [[user, str(place % 40 + 1), item, of_item[item]] for place, (user, _, item, _) in enumerate(rows)]
    )
    assert [row[0] for row in rows[::40]] == list(odd.dataset.user_ids)


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "separator"), [(".csv", ","), (".tsv", "\t")])
def test_texts_with_breaks_quotes_and_separators_stay_one_cell(odd: LiveModel, tmp_path: Path, ending, separator):
    export_top_n(odd, tmp_path / f"out{ending}", 40, users=[0], exclude_seen=False)
    with (tmp_path / f"out{ending}").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=separator))
    assert len(rows) == 40
    assert {row["title"] for row in rows} == {*TEXTS, *(f"'{text}" for text in FORMULAS)}
