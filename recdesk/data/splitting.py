"""Splits: which interactions train, which are held out, and the protocol that says so."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message, word
from recdesk.data.array_ops import counts
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.data.split_kinds import SPLIT_KINDS, SplitKind, drawn_sentence

HIDDEN_SHARE = 0.1
MOST_SCORES = 5 * 10**9 // 2
"""Largest number of scores (users × items) that are computed for one evaluation: about half a minute on two cores."""
FEWEST_MEASURED = 2000


@dataclass(frozen=True)
class Protocol:
    """Everything that decides what a metric means. Figures of unequal protocols must not be compared.

    Attributes:
        dataset_hash: the content hash of the data, after its filters.
        split: leave-one-out: last item a user is test, the one before validation. time: the newest tenth of all
            interactions is the test period, the tenth before it the validation period; a user's target is the last of
            theirs in the period. validation-only: last item a user is validation, nothing is tested. new-items: a tenth
            of the items, drawn with `seed`, is kept out of training entirely; a user's target is the last of these that
            they took, after all the other items that they took before it.
        ties: order of interactions with one timestamp.
        seen: what happens to items already in the history.
        candidates: what is ranked.
        max_users: so many users are measured, drawn with `seed`; None for all.
        seed: of that draw.
        moment: whether the model is told when the target was taken; figures that know it are no match for others.
    """

    dataset_hash: str
    split: SplitKind = "leave-one-out"
    ties: str = Message("word.file-order")
    seen: str = "excluded"
    candidates: str = "whole catalogue"
    max_users: int | None = None
    seed: int = 0
    moment: Literal["unknown", "known"] = "unknown"

    @property
    def hash(self) -> str:
        """Short digest: equal exactly when the protocols are."""
        return hashlib.sha256(json.dumps(self._decisive(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain values with the hash, for `protocol.json`."""
        return {"version": 1, **self._decisive(), "hash": self.hash}

    def _decisive(self) -> dict[str, Any]:
        """Plain values; without `moment` where it is unknown, which older protocols do not name."""
        values = asdict(self)
        if self.moment == "unknown":
            del values["moment"]
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Protocol":
        """The inverse of `to_dict`."""
        return cls(**{key: value for key, value in values.items() if key not in ("version", "hash")})


@dataclass(frozen=True, eq=False)
class Split:
    """A dataset cut by a protocol: each part is a prefix or a single row of a user's history.

    Attributes:
        train_ends: int64 [n_users]; user u trains on rows `offsets[u]:train_ends[u]`.
        validation: int64 [n_users], row of the validation target, -1 where a user has none; its input is all before it.
        test: the same for the test target.
        hidden: bool [n_items], items kept out of training entirely; None for none.
        not_drawn: users with a test target (validation target, if nothing is tested) who are not measured.
    """

    dataset: Dataset
    protocol: Protocol
    train_ends: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    hidden: NDArray[np.bool_] | None = None
    not_drawn: int = 0

    @property
    def who_is_measured(self) -> str:
        """A sentence where it is not everybody, else ""."""
        if not self.not_drawn:
            return ""
        return drawn_sentence(self.protocol.max_users or 0, self.dataset.n_users, self.dataset.n_items)

    def targets(self, part: Literal["train", "validation", "test"]) -> NDArray[np.int64]:
        """Rows to predict, int64 [n_users], -1 for none; `train` is the last item trained on, to show overfitting."""
        if part == "train":
            last = self.train_ends - 1
            return np.where(last > self.dataset.offsets[:-1], last, -1)
        return self.validation if part == "validation" else self.test


def make_split(
    dataset: Dataset, kind: SplitKind = "leave-one-out", max_users: int | None = None, seed: int = 0
) -> Split:
    """Cut a dataset.

    Args:
        max_users: measure at most so many users, drawn with `seed`; None for as many as can be measured in little time,
            which is everybody unless users × items are more than `MOST_SCORES`.

    Raises:
        UsageError: the kind is unknown, a time split was asked for without times, or nothing would be held out
            or trained on.
    """
    if kind not in SPLIT_KINDS:
        raise UsageError(
            Message("split.unknown", split=kind), Message("settings.choose-one-of", names=", ".join(SPLIT_KINDS))
        )
    if max_users is None and dataset.n_users * dataset.n_items > MOST_SCORES:
        max_users = max(MOST_SCORES // dataset.n_items, FEWEST_MEASURED)
    protocol = Protocol(dataset.content_hash, kind, max_users=max_users, seed=seed)
    hidden = None
    if kind == "new-items":
        hidden = np.random.default_rng((seed, 41)).permutation(dataset.n_items) < HIDDEN_SHARE * dataset.n_items
        dataset = _without(dataset, hidden)
    starts, ends = dataset.offsets[:-1], dataset.offsets[1:]
    none = np.full(dataset.n_users, -1, dtype=np.int64)
    if kind == "time":
        train_ends, validation, test = _cut_by_time(dataset)
    elif hidden is not None:
        test = np.where((ends > starts) & hidden[dataset.items[np.maximum(ends - 1, 0)] - 1], ends - 1, none)
        known_ends = np.where(test >= 0, ends - 1, ends)
        test = np.where(known_ends > starts, test, none)
        validation = np.where(known_ends - starts >= 2, known_ends - 1, none)
        train_ends = np.where(validation >= 0, validation, known_ends)
    elif kind == "leave-one-out":
        enough = ends - starts >= 3
        train_ends = np.where(enough, ends - 2, ends)
        validation, test = np.where(enough, ends - 2, none), np.where(enough, ends - 1, none)
    else:
        enough = ends - starts >= 2
        train_ends = np.where(enough, ends - 1, ends)
        validation, test = np.where(enough, ends - 1, none), none
    if not (validation >= 0).any() or (kind != "validation-only" and not (test >= 0).any()):
        need = 2 if kind == "validation-only" else 3
        raise UsageError(
            Message("split.no-usable-user", name=dataset.name, split=word(kind), count=need),
            Message("split.import-more"),
        )
    if not (train_ends > starts).any():
        raise UsageError(
            Message("split.nothing-to-train", split=word(kind), name=dataset.name),
            Message("split.leave-one-or-time"),
        )
    not_drawn = 0
    if max_users is not None:
        measured = validation if kind == "validation-only" else test
        not_drawn = max(int((measured >= 0).sum()) - max_users, 0)
        validation, test = _sample(validation, max_users, seed), _sample(test, max_users, seed)
    return Split(dataset, protocol, train_ends, validation, test, hidden, not_drawn)


def with_known_moment(split: Split) -> Split:
    """The same for a model that is told when targets were taken; as it is where nobody knows."""
    if split.dataset.times is None:
        return split
    return replace(split, protocol=replace(split.protocol, moment="known"))


def histories_before(split: Split, targets: NDArray[np.int64], users: NDArray[np.int64]) -> Histories:
    """Histories of users before their targets, asked about at the moment of these.

    Args:
        split: of the targets.
        targets: int64 [n_users], rows of the dataset.
        users: int64 [n], users with a target.
    """
    dataset = split.dataset
    found = dataset.histories(np.maximum(targets, dataset.offsets[:-1]))[users]
    return found if dataset.times is None else replace(found, asked=dataset.times[targets[users]])


def leakage(split: Split) -> dict[str, Any]:
    """Leakage statistics of a split; shares are 0..1, None where times are unknown.

    Returns:
        users_tested, users_not_drawn, users_without_target, test_before_newest_training (share of test events older
        than the newest training event), tied_timestamps (share of a user's neighbouring events with one timestamp),
        repeats (share of test targets already in the user's history, which excluding seen items can never recommend),
        unseen_targets (share of test targets that no user trains on).
    """
    dataset = split.dataset
    part = split.test if (split.test >= 0).any() else split.validation
    users = np.flatnonzero(part >= 0)
    rows = part[users]
    report: dict[str, Any] = {
        "users_tested": len(users),
        "users_not_drawn": split.not_drawn,
        "users_without_target": dataset.n_users - len(users) - split.not_drawn,
        "test_before_newest_training": None,
        "tied_timestamps": None,
        "repeats": float(repeated(split, part)[users].mean()),
        "unseen_targets": float((train_popularity(split)[dataset.items[rows] - 1] == 0).mean()),
    }
    if dataset.times is not None:
        newest = dataset.times[training_rows(split)].max(initial=np.iinfo(np.int64).min)
        report["test_before_newest_training"] = float((dataset.times[rows] < newest).mean())
        inside = np.ones(dataset.n_interactions, dtype=bool)
        inside[dataset.offsets[:-1]] = False
        tied = np.diff(dataset.times, prepend=dataset.times[:1]) == 0
        report["tied_timestamps"] = float(tied[inside].mean()) if inside.any() else 0.0
    return report


def training_rows(split: Split) -> NDArray[np.bool_]:
    """bool [n_interactions]: rows that training sees."""
    offsets = split.dataset.offsets
    edges = np.zeros(split.dataset.n_interactions + 1, dtype=np.int32)
    np.add.at(edges, offsets[:-1], 1)
    np.add.at(edges, split.train_ends, -1)
    return np.cumsum(edges[:-1], out=edges[:-1], dtype=np.int32) > 0  # of its own type other threads go on


def train_popularity(split: Split) -> NDArray[np.int64]:
    """Training interactions of each item, int64 [n_items]."""
    rows = split.dataset.items[training_rows(split)]
    return counts(rows, split.dataset.n_items + 1)[1:]


def repeated(split: Split, part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool [n_users]: the target of `part` stands in the user's own history before it."""
    dataset = split.dataset
    users = np.flatnonzero(part >= 0)
    rows, items = dataset.histories(np.where(part >= 0, part, dataset.offsets[:-1]))[users].flat()
    result = np.zeros(dataset.n_users, dtype=bool)
    result[users[rows[items == dataset.items[part[users]][rows]]]] = True
    return result


def _without(dataset: Dataset, hidden: NDArray[np.bool_]) -> Dataset:
    """The same without hidden items, but for the last one of each user that has any: it ends their history."""
    rows = np.arange(dataset.n_interactions)
    users = np.repeat(np.arange(dataset.n_users), np.diff(dataset.offsets))
    is_hidden = hidden[dataset.items - 1]
    last = np.full(dataset.n_users, -1, np.int64)
    np.maximum.at(last, users[is_hidden], rows[is_hidden])
    end = np.where(last >= 0, last, dataset.n_interactions)[users]
    kept = ~is_hidden & (rows < end) | (rows == end)
    offsets = np.concatenate(([0], np.cumsum(counts(users[kept], dataset.n_users)))).astype(np.int64)
    times, ratings, events = dataset.times, dataset.ratings, dataset.events
    return replace(
        dataset,
        offsets=offsets,
        items=dataset.items[kept],
        times=None if times is None else times[kept],
        ratings=None if ratings is None else ratings[kept],
        events=None if events is None else events[kept],
    )


def _cut_by_time(dataset: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    if dataset.times is None:
        raise UsageError(Message("split.no-times", name=dataset.name), Message("split.use-leave-one-out"))
    ordered = np.sort(dataset.times)
    first_validation, first_test = ordered[int(len(ordered) * 0.8)], ordered[int(len(ordered) * 0.9)]
    train_ends = dataset.offsets[:-1] + _count_per_user(dataset, dataset.times < first_validation)
    validation_ends = dataset.offsets[:-1] + _count_per_user(dataset, dataset.times < first_test)
    starts, ends = dataset.offsets[:-1], dataset.offsets[1:]
    validation = np.where((validation_ends > train_ends) & (validation_ends - 1 > starts), validation_ends - 1, -1)
    test = np.where((ends > validation_ends) & (ends - 1 > starts), ends - 1, -1)
    return train_ends, validation, test


def _count_per_user(dataset: Dataset, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    total = np.concatenate(([0], np.cumsum(mask, dtype=np.int64)))
    return total[dataset.offsets[1:]] - total[dataset.offsets[:-1]]


def _sample(part: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    users = np.flatnonzero(part >= 0)
    if len(users) <= most:
        return part
    chosen = np.random.default_rng(seed).choice(users, most, replace=False)
    result = np.full_like(part, -1)
    result[chosen] = part[chosen]
    return result
