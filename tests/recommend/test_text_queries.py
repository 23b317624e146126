import shutil

import numpy as np
import pytest

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.data.histories import Histories
from recdesk.experiment.open_model import add_new_item, added_items, change_new_item, open_model
from recdesk.experiment.warm_start import text_paths_of
from recdesk.recommend.text_queries import kept_items
from recdesk.text.item_texts import item_texts
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

pytestmark = pytest.mark.slow  # a model over texts is trained for them


@pytest.fixture(scope="module")
def opened(text_workspace):
    return open_model(Workspace(text_workspace).run("last"))


@pytest.fixture
def run(text_workspace, tmp_path):
    """A run of the test's own."""
    shutil.copytree(text_workspace, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace").run("last")


def titles(lines) -> list[str]:
    return [line.title for line in lines]


def test_a_search_finds_items_by_their_texts(opened):
    [text] = item_texts(opened.dataset)[:1]
    found = opened.search(text, 10)
    assert len(found) == 10 and [line.rank for line in found] == list(range(1, 11))
    assert found[0].item_id == "b0001" and found[0].score == pytest.approx(1, abs=1e-4)
    assert sum(line.features["genre"] == "Mystery" for line in found) >= 8
    assert sorted((line.score for line in found), reverse=True) == [line.score for line in found]


def test_a_wish_alone_brings_what_it_asks_for_and_seen_items_stay_out(opened):
    wish = "title: Book 3: Wild Desert Romance"
    found = opened.top_n([], 10, wish=wish)
    assert sum("Desert" in line.title or "Wild" in line.title for line in found) >= 7
    seen = [line.code for line in found[:3]]
    again = opened.top_n(seen, 10, wish=wish)
    assert not set(seen) & {line.code for line in again}


def test_a_wish_leaves_the_answers_without_it_as_they_were(opened):
    history = opened.dataset.histories().row(0)
    before = opened.ranked(Histories.of([history]), 20)
    opened.top_n(history, 20, wish="Dark Island")
    after = opened.ranked(Histories.of([history]), 20)
    assert (before[0] == after[0]).all() and (before[1] == after[1]).all()


def test_a_wish_stands_among_the_reasons_of_what_it_brought(opened):
    history, wish = opened.dataset.histories().row(0), "title: Book 3: Wild Desert Romance"
    top = opened.top_n(history, 40, wish=wish)
    explanation = opened.explain(history, top[2].code, wish=wish)
    assert explanation.rank == 3 and len(explanation.reasons) == len(history) + 1
    (asked,) = [reason for reason in explanation.reasons if not reason.code]
    assert (asked.title, asked.position) == (wish, len(history))
    codes, _ = opened.ranked(Histories.of([history]), opened.dataset.n_items)
    assert asked.rank_without == 1 + codes[0].tolist().index(top[2].code)
    dropped = next(reason for reason in explanation.reasons if reason.position == 0)
    shorter, _ = opened.ranked(Histories.of([history[1:]]), opened.dataset.n_items, wish=wish)
    left = [code for code in shorter[0].tolist() if code and code not in history]
    assert dropped.rank_without == 1 + left.index(top[2].code)


def test_a_wish_alone_is_the_one_reason(opened):
    best = opened.top_n([], 1, wish="Dark Island")[0]
    (reason,) = opened.explain([], best.code, wish="Dark Island").reasons
    assert reason.title == "Dark Island" and reason.effect > 0 and reason.rank_without > 1


@pytest.mark.parametrize("nothing", ["!!!", "   \n ", "…"])
def test_a_wish_without_a_word_is_refused_in_a_sentence(opened, nothing):
    with pytest.raises(UsageError, match="There is no word"):
        opened.top_n([], 5, wish=nothing)


def test_a_hundred_thousand_letters_are_a_wish_too(opened):
    assert len(opened.top_n([], 5, wish="Mystery 谜 🦊 " * 10_000)) == 5


def test_a_model_over_ids_says_that_it_cannot_read(live):
    for ask in (lambda: live.search("anything"), lambda: live.top_n([1], 5, wish="anything")):
        with pytest.raises(UsageError, match="cannot read words"):
            ask()


def test_a_new_item_is_ranked_at_once_by_its_text_and_changes_nobody_elses_score(run):
    before = open_model(run)
    history = before.dataset.histories().row(0)
    features = {"title": "Book 11: Quiet Harbour Mystery", "genre": "Mystery", "setting": "Harbour"}
    assert add_new_item(run, "b-new", features) == before.dataset.n_items + 1
    after = open_model(run)
    assert after.dataset.item_ids[-1] == "b-new" and after.dataset.titles[-1] == features["title"]
    old, new = (model.model.scores(Histories.of([history])) for model in (before, after))
    assert float((new[:, :-1] - old).abs().max()) < 1e-5 and np.isfinite(float(new[0, -1]))
    [text] = item_texts(after.dataset, after.reader.side.template)[-1:]
    assert after.search(text, 1)[0].item_id == "b-new"
    assert len(after.top_n([after.dataset.n_items], 10)) == 10  # it can stand in a history


def test_an_item_that_cannot_be_is_refused_and_nothing_is_kept(run):
    fine = {"title": "A title"}
    for item_id, features, words in (
        ("", fine, "no id"),
        ("b0001", fine, "There is an item “b0001” already"),
        ("x", {"tite": "A title"}, "no column “tite”"),
        ("x", {}, "no text that this model reads"),
    ):
        with pytest.raises(UsageError, match=words):
            add_new_item(run, item_id, features)
    assert kept_items(text_paths_of(run)) == []


def test_an_added_item_is_changed_and_removed_and_others_stay(run):
    for name in ("one", "two"):
        add_new_item(run, name, {"title": f"Book {name}"})
    run = Run.read(run.folder)
    change_new_item(run, "one", {"title": "Book three"})
    assert [(item.item_id, item.features["title"]) for item in added_items(run)] == [
        ("one", "Book three"), ("two", "Book two"),
    ]  # fmt: skip
    assert open_model(run).dataset.titles[-2:].tolist() == ["Book three", "Book two"]
    for item_id, features, words in (("one", {}, "no text"), ("b0001", None, "was not added"), ("no", {}, "not added")):
        with pytest.raises(UsageError, match=words):
            change_new_item(run, item_id, features)
    change_new_item(run, "one", None)
    assert [item.item_id for item in added_items(run)] == ["two"]
    change_new_item(run, "two", None)
    assert added_items(run) == [] and "two" not in open_model(run).dataset.item_ids


def test_a_damaged_list_of_new_items_gets_a_sentence(run):
    (run.folder / "added-items.json").write_text('[{"id": 1}]')
    with pytest.raises(RecdeskError, match=r"added-items\.json” is damaged"):
        open_model(run)


def test_a_model_without_its_encoder_still_recommends_and_says_what_is_missing_when_asked_to_read(run):
    shutil.rmtree(run.folder / "encoder")
    live = open_model(run)
    assert len(live.top_n([1, 2, 3], 10)) == 10
    with pytest.raises(RecdeskError, match="no folder"):
        live.search("Mystery")
