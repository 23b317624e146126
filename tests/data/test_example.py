"""The built-in example: its shape, its rule and the ceiling that the rule sets."""

import numpy as np
import pytest

from recdesk.data.dataset import Dataset
from recdesk.data.example import FOLLOWS, WORDS, Language, make_example
from recdesk.data.splitting import make_split

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module", params=LANGUAGES)
def example(request: pytest.FixtureRequest) -> Dataset:
    """In both languages."""
    return make_example(request.param)


def books(dataset: Dataset) -> np.ndarray:
    """Book numbers from 0 of every user, [users, records], from the ids alone."""
    numbers = np.array([int(item_id.removeprefix("b")) - 1 for item_id in dataset.item_ids])
    return numbers[dataset.items - 1].reshape(dataset.n_users, -1)


def test_it_has_the_size_of_the_worked_example(example: Dataset) -> None:
    assert (example.n_users, example.n_items, example.n_interactions) == (1000, 1000, 10_000)
    assert np.diff(example.offsets).tolist() == [10] * 1000
    assert example.item_features.shape == (1000, 5)
    assert example.report["read"] == example.report["kept"] == 10_000


def test_nobody_reads_a_book_twice(example: Dataset) -> None:
    assert all(len(set(row)) == 10 for row in books(example).tolist())


def test_every_book_has_a_reader_a_title_of_its_own_and_all_its_features(example: Dataset) -> None:
    assert example.popularity.min() >= 1
    assert len(set(example.titles)) == 1000
    assert (example.item_features != "").all().all()
    assert example.item_ids.is_unique
    assert example.user_ids.is_unique


def test_each_readers_books_are_in_the_order_of_time(example: Dataset) -> None:
    assert example.times is not None
    assert (np.diff(example.times.reshape(1000, 10), axis=1) > 0).all()


def test_it_says_in_its_own_language_that_it_is_made_up(example: Dataset) -> None:
    words = WORDS[example.rules["example"]]
    assert example.synthetic == words.synthetic != ""
    assert example.name == words.name
    assert list(example.item_features.columns) == list(words.columns)
    assert example.title_column == words.columns[0]
    assert any("\u4e00" <= c <= "\u9fff" for c in example.titles[0]) == (example.rules["example"] == "zh")


def test_both_languages_tell_the_same_story() -> None:
    english, chinese = (make_example(language) for language in LANGUAGES)
    np.testing.assert_array_equal(english.items, chinese.items)
    np.testing.assert_array_equal(english.times, chinese.times)  # type: ignore[arg-type]
    assert english.item_ids.equals(chinese.item_ids)
    assert english.ceiling == chinese.ceiling
    assert english.content_hash != chinese.content_hash


def test_the_seed_decides() -> None:
    assert make_example(seed=3).content_hash == make_example(seed=3).content_hash
    assert make_example(seed=3).content_hash != make_example(seed=4).content_hash


@pytest.mark.parametrize("seed", range(4))
def test_the_ceiling_is_what_the_rule_reaches_on_last_items(seed: int) -> None:
    dataset = make_example(seed=seed)
    walks = books(dataset)
    right = (walks[:, -3] + 1) % 1000 == walks[:, -1]
    assert dataset.ceiling == pytest.approx(FOLLOWS, abs=0.03)
    assert right.mean() == pytest.approx(dataset.ceiling, abs=0.03)


def test_the_ceiling_is_what_the_rule_reaches_on_average() -> None:
    gaps = []
    for seed in range(30):
        dataset = make_example(seed=seed)
        walks = books(dataset)
        gaps.append(((walks[:, -3] + 1) % 1000 == walks[:, -1]).mean() - dataset.ceiling)
    # the standard error of the mean of 30,000 such draws is 0.0017
    assert np.mean(gaps) == pytest.approx(0, abs=4 * 0.0017)


def test_a_book_that_was_read_is_never_what_the_rule_says() -> None:
    walks = books(make_example())
    steps = walks[:, 2:] == (walks[:, :-2] + 1) % 1000
    assert steps.mean() == pytest.approx(FOLLOWS, abs=0.01)  # 8,000 steps: standard error 0.003


def test_the_features_carry_the_rule(example: Dataset) -> None:
    """Who reads only the texts finds the next volume of the book before the last: the number is one higher."""
    title, genre, setting, mood, _ = example.item_features.columns
    words = WORDS[example.rules["example"]]
    known = {
        tuple(row): code for code, row in enumerate(example.item_features[[title, genre, setting, mood]].to_numpy(), 1)
    }

    def next_volume(code: int) -> int | None:
        row = example.item_features.iloc[code - 1]
        marks = {"mood": row[mood], "setting": row[setting], "genre": row[genre]}
        volume = next(v for v in range(1, 11) if words.title.format(**marks, volume=v) == row[title])
        following = words.title.format(**marks, volume=volume + 1)
        return known.get((following, row[genre], row[setting], row[mood]))

    inside = right = 0
    for user in range(0, 1000, 5):
        *_, before, _other, last = example.histories().row(user).tolist()
        if (guess := next_volume(before)) is not None:
            inside += 1
            right += guess == last
    assert inside > 150
    assert right / inside == pytest.approx(FOLLOWS, abs=0.08)


def test_every_reader_can_be_tested(example: Dataset) -> None:
    split = make_split(example)
    assert (split.test >= 0).all()
    assert (split.train_ends - example.offsets[:-1]).tolist() == [8] * 1000
    assert (make_split(example, "time").test >= 0).any()


def test_titles_differ_at_their_beginning(example: Dataset) -> None:
    """A narrow column shows a dozen Latin letters, half as many Chinese ones: books that follow each other in a list,
    the volumes of a series and those of the series after it, differ within them."""
    shown = 5 if example.rules["example"] == "zh" else 12
    numbers = np.array([int(item_id.removeprefix("b")) - 1 for item_id in example.item_ids])
    titles = dict(zip(numbers.tolist(), example.titles, strict=True))
    for book in range(0, 990, 10):
        following = [titles[other][:shown] for other in range(book, book + 20)]
        assert len(set(following)) >= 18, following
    assert max(len(title) for title in titles.values()) <= 42


def test_the_last_book_alone_does_not_tell_the_next_one() -> None:
    """Else a first-order Markov chain would be as good as any model."""
    walks = books(make_example())
    assert ((walks[:, -2] + 1) % 1000 == walks[:, -1]).mean() < 0.01
