import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import UsageError
from recdesk.data.dataset import Dataset
from recdesk.text.item_texts import (
    LONGEST,
    behaviour_text,
    check_template,
    clean,
    default_template,
    item_texts,
    texts_of,
)


def films(called: str | None = "title", **columns: list[str]) -> Dataset:
    table = pd.DataFrame(columns, dtype="str")
    n_items = max(len(table), 2)
    return Dataset(
        name="films",
        user_ids=pd.Index(["u"], dtype="str"),
        item_ids=pd.Index([f"i{at}" for at in range(n_items)], dtype="str"),
        offsets=np.array([0, n_items], np.int64),
        items=np.arange(1, n_items + 1, dtype=np.int32),
        item_features=table if columns else pd.DataFrame(index=range(n_items)),
        title_column=called,
    )


def test_the_default_template_has_every_text_column_and_the_title_first():
    data = films(genres=["Drama", "Crime|War"], year=["1999", "2001"], title=["Red", "Blue"], note=["", "good"])
    assert default_template(data) == "title: {title}; genres: {genres}; note: {note}"


def test_a_column_that_is_nearly_all_numbers_is_left_out_and_one_with_more_words_is_kept():
    mostly = [*map(str, range(19)), "n/a"]
    less = [*map(str, range(17)), "n/a", "none", "new"]
    data = films(called=None, mostly=mostly, less=less, empty=[""] * 20, rarely=["7", *[""] * 19])
    assert default_template(data) == "less: {less}"


def test_a_column_of_links_is_left_out():
    data = films(title=["Red", "Blue"], poster=["https://example.org/1.jpg", "https://example.org/2.jpg"])
    assert default_template(data) == "title: {title}"


@pytest.mark.parametrize("name", ["genre;mood", "genre {main}"])
def test_a_column_whose_name_cannot_stand_in_a_template_is_left_out(name: str):
    data = films(**{"title": ["Red", "Blue"], name: ["Drama", "Crime"]})
    assert item_texts(data) == ["title: Red", "title: Blue"]


def test_texts_follow_the_template_and_lists_are_readable():
    data = films(title=["The Red  House", "Blue"], genres=["Drama|Crime", "War"])
    assert item_texts(data, "{genres}: {title} ({title})") == [
        "Drama, Crime: The Red House (The Red House)",
        "War: Blue (Blue)",
    ]
    assert item_texts(data) == ["title: The Red House; genres: Drama, Crime", "title: Blue; genres: War"]


def test_a_part_without_a_value_goes_with_its_label_and_an_item_without_any_has_no_text():
    table = pd.DataFrame({"title": ["Red", "", "Blue"], "genres": ["", "", "War"], "by": ["Ann", "", ""]}, dtype="str")
    texts = texts_of(table, "title: {title}; genres: {genres}, by {by}")
    assert texts == ["title: Red; genres: , by Ann", "", "title: Blue; genres: War, by"]


def test_an_item_without_any_value_has_no_text_whatever_else_the_template_says():
    table = pd.DataFrame({"title": ["Red", ""]}, dtype="str")
    assert texts_of(table, "a film; {title}") == ["a film; Red", ""]


def test_values_that_look_like_a_template_stay_as_they_are():
    table = pd.DataFrame({"title": ["{genres}; {title}", "50 % \\1"], "genres": ["War", "Drama"]}, dtype="str")
    assert texts_of(table, "{title}; {genres}") == ["{genres}; {title}; War", "50 % \\1; Drama"]


def test_a_template_that_asks_for_what_is_not_there_is_refused_with_what_is():
    with pytest.raises(UsageError, match="asks for “director”, which the items do not have") as caught:
        item_texts(films(title=["a", "b"], genres=["c", "d"]), "{title} by {director}")
    assert caught.value.suggestion == "The columns are: title, genres."
    with pytest.raises(UsageError) as caught:
        check_template("{a}", [])
    assert "import the items’ texts first" in caught.value.suggestion


@pytest.mark.parametrize("template", ["no columns", "{}", "{title", "title}"])
def test_a_template_that_names_no_column_is_refused(template: str):
    with pytest.raises(UsageError):
        check_template(template, ["title"])


def test_items_without_any_text_are_refused_in_a_sentence():
    for data in (films(called=None), films(called=None, year=["1999", "2000"])):
        with pytest.raises(UsageError, match="The items of “films” have no texts to read"):
            item_texts(data)


def test_a_value_becomes_one_line_and_a_huge_one_is_cut():
    assert clean(" a|b |c\n\td\u3000e ") == "a, b , c d e"
    assert len(clean("x" * 100_000)) == LONGEST
    table = pd.DataFrame({"a": ["x" * 100_000], "b": ["y" * 100_000]}, dtype="str")
    assert len(texts_of(table, "{a}; {b}")[0]) == LONGEST


def test_a_person_is_what_they_took_latest_first():
    texts = ["one", "", "three", "four"]
    assert behaviour_text(texts, np.array([1, 2, 3, 4])) == "four | three | one"
    assert behaviour_text(texts, np.array([4, 4, 1])) == "one | four | four"
    assert behaviour_text(texts, np.array([2])) == behaviour_text(texts, np.array([], np.int32)) == ""


def test_a_person_as_text_ends_after_whole_items_and_has_at_least_one():
    texts = [letter * 10 for letter in "abcd"]
    history = np.array([1, 2, 3, 4])
    assert behaviour_text(texts, history, 25) == "d" * 10 + " | " + "c" * 10
    assert behaviour_text(texts, history, 3) == "d" * 10
