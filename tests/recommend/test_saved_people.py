"""People who were saved under a name, read from the stored edits of a dataset."""

from recdesk.recommend.saved_people import saved_people
from tests.conftest import chain_dataset

RECORDS = [
    {"user": "user-000", "removed": [], "added": ["001"], "wish": ""},
    {"name": "New person 1", "removed": [], "added": ["002"], "wish": ""},
    {"name": "Anna", "saved": True, "removed": [], "added": ["003", "gone", "001"], "wish": "robots"},
    {"name": "Ben", "saved": True, "wish": ""},
]


def test_only_saved_people_are_read_and_what_is_left_out_is_counted():
    found = saved_people(RECORDS, chain_dataset())
    assert [(person.user, person.user_id, person.history.items.tolist(), person.wish) for person in found.people] == [
        (-1, "Anna", [3, 1], "")
    ]
    assert (found.gone, found.unusable) == (1, 1)
    assert [note.key for note in found.notes] == ["people.items-gone", "people.saved-unusable"]
    assert saved_people(RECORDS, chain_dataset(), reads_texts=True).people[0].wish == "robots"
