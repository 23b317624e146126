import pytest

from recdesk.data.split_kinds import SPLIT_KINDS
from recdesk.gui import theme, words
from recdesk.training.config import KINDS
from recdesk.workspace.runs import ACTIVE, RESUMABLE


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (8.9, "8 s"),
        (59.99, "59 s"),
        (60, "1 min"),
        (149, "2 min"),
        (3540, "59 min"),
        (3599, "1 h 0 min"),
        (7800, "2 h 10 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(seconds, said, qapp):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"), [(2**20, "1.0 MB"), (5.26 * 2**20, "5.3 MB"), (2**30, "1.0 GB"), (1.5 * 2**30, "1.5 GB")]
)
def test_a_size_is_said_in_megabytes_or_gigabytes(count, said):
    assert words.size(count) == said


def test_recall_is_said_of_a_hundred_people(qapp):
    assert words.found({"recall@10": 0.9549}) == "of 100 people, 95 find what they took next among the first ten"
    assert words.found({}).startswith("of 100 people, 0 find")
    assert words.found({"recall@10": 0.5, "users": 6.0}) == "3 of 6 people find what they took next among the first ten"
    assert words.found_sentence({"recall@10": 0.5, "users": 6.0}).startswith("3 of 6 people find what they took next")


@pytest.mark.parametrize(("share", "said"), [(None, "–"), (0.0, "0 %"), (0.625, "62 %"), (1.0, "100 %")])
def test_a_share_is_said_in_percent(share, said):
    assert words.percent(share) == said


@pytest.mark.parametrize("state", sorted({*ACTIVE, *RESUMABLE, "finished"}))
def test_every_state_of_a_run_has_a_word_and_a_tone(state, qapp):
    assert words.state(state) == state
    assert theme.roles().of(words.state_tone(state)).isValid()


def test_what_went_badly_stands_out(qapp):
    assert words.state_tone("failed") == "bad"
    assert words.state_tone("interrupted") == "warning"
    assert words.state_tone("finished") == "text"


@pytest.mark.parametrize("kind", SPLIT_KINDS)
def test_every_split_is_said_in_words(kind, qapp):
    assert words.split(kind) != kind


@pytest.mark.parametrize("word", ["interrupted?", "another split"])
def test_a_word_that_is_not_known_is_said_as_it_is(word, qapp):
    assert words.state(word) == words.split(word) == word


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_setting_are_there_without_a_translation(kind, qapp):
    for field in KINDS[kind].model_fields.values():
        if field.title:
            assert words.config_words(field.title) == field.title
            assert field.description and words.config_words(field.description) == field.description


def test_no_text_of_items_is_automatic_and_no_start_is_nothing(qapp):
    fields = KINDS["text-bert"].model_fields
    assert words.setting(fields["template"], "") == "Automatic"
    assert words.setting(fields["template"], "title: {title}") == "title: {title}"
    assert words.setting(fields["start_from"], "") == "nothing"
