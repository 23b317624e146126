from dataclasses import replace

import pandas as pd

from recdesk.training.checks import Machine, check_run
from recdesk.training.config import make_config
from tests.conftest import chain_dataset

ROOM = Machine(needed=2**30, free=2**33, disk=2**35)


def found(config, dataset=None, split="leave-one-out", machine=ROOM):
    return [
        (check.level, check.sentence.key)
        for check in check_run(config, dataset or chain_dataset(), split, 10**6, machine)
    ]


def test_what_fits_is_said_too():
    assert found(make_config(max_length=5)) == [("warning", "start.few-people"), ("good", "start.memory-fits")]


def test_the_gravest_comes_first():
    short = Machine(needed=2**34, free=2**33, disk=10**6)
    assert found(make_config(max_length=5), machine=short) == [
        ("bad", "start.memory-lacks"),
        ("bad", "start.disk-lacks"),
        ("warning", "start.few-people"),
    ]


def test_a_model_over_texts_needs_some():
    bare = replace(chain_dataset(), item_features=pd.DataFrame(), title_column=None)
    assert ("bad", "start.no-texts") in found(make_config("text-bert"), bare)
    assert ("bad", "start.no-texts") not in found(make_config("bert-causal"), bare)


def test_histories_that_are_shorter_than_asked_for_are_counted():
    longest = next(
        check.sentence
        for check in check_run(make_config(max_length=50), chain_dataset(length=12), "leave-one-out", 1, ROOM)
        if check.sentence.key == "start.histories-shorter"
    )
    assert longest.values == {"count": 12}


def test_what_can_never_happen_is_a_warning():
    assert ("warning", "start.never-early") in found(make_config(epochs=5))
    assert ("warning", "start.nothing-held-out") in found(make_config(), split="validation-only")
