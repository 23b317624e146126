"""A model asked with original ids, and answering with them: what the Python interface and the server share."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.histories import NO_TIME, History
from recdesk.recommend.bound_rules import BoundRules, VectorLikeness
from recdesk.recommend.opened import OpenedModel
from recdesk.recommend.query import Found, Query, Recommendation, both
from recdesk.recommend.rules import NO_RULES, Rules

BOUND_KEPT = 32
"""Rules whose masks are kept, those asked for last."""
UNKNOWN_NAMED = 5


@dataclass(frozen=True, eq=False)
class Asked:
    """A query with what there is to say of it.

    Attributes:
        query: in item codes.
        unknown: ids of the history that the model does not know, which were left out.
        notes: messages.
    """

    query: Query
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ModelByIds:
    """A model with its ids. `find` may be called from one thread at a time, everything else from any.

    Attributes:
        live: the model.
        ids, titles: object [n_items], of the item with code index + 1.
    """

    def __init__(self, live: OpenedModel) -> None:
        self.live = live
        self.ids: NDArray[np.object_] = live.dataset.item_ids.to_numpy(dtype=object)
        self.titles = live.dataset.titles
        self._histories = live.dataset.histories()
        self._bound: OrderedDict[Rules, BoundRules] = OrderedDict()
        self._likeness: VectorLikeness | None = None
        self._binding = threading.Lock()

    @cached_property
    def codes(self) -> dict[str, int]:
        """Item codes by id."""
        return {str(item): code for code, item in enumerate(self.ids, 1)}

    def code(self, item: str) -> int:
        """Code of an item.

        Raises:
            UsageError: the model does not know it.
        """
        code = self.codes.get(item)
        if code is None:
            raise UsageError(
                Message("serve.item-unknown", item=item, name=self.live.dataset.name),
                Message("dataset.ids-as-in-file", example=self.ids[0]),
            )
        return code

    def bind(self, rules: Rules) -> BoundRules | None:
        """The rules for this model; None where they change nothing. Those asked for last are kept.

        Raises:
            UsageError: a feature is not there, or no item meets them.
        """
        if rules.empty:
            return None
        with self._binding:
            bound = self._bound.pop(rules, None) or self._newly_bound(rules)
            self._bound[rules] = bound  # the last one
            while len(self._bound) > BOUND_KEPT:
                self._bound.popitem(last=False)
            return bound

    def _newly_bound(self, rules: Rules) -> BoundRules:
        bound = self.live.bind(rules)
        if isinstance(bound.likeness, VectorLikeness):  # one copy of the vectors for all rules
            self._likeness = self._likeness or bound.likeness
            bound = replace(bound, likeness=self._likeness)
        bound.require_items()
        return bound

    def asked(
        self,
        user: str | None = None,
        history: Iterable[str] | None = None,
        wish: str = "",
        n: int = 10,
        exclude_seen: bool = True,
        rules: Rules = NO_RULES,
        times: Sequence[int | None] | None = None,
        as_of: str = "",
    ) -> Asked:
        """What is asked for.

        Args:
            user: a user id of the dataset, whose history counts; None for nobody.
            history: item ids in time order; None for none.
            wish: what is looked for, in words, for models that read texts.
            n: length of the list, from 1.
            exclude_seen: leave out items of the history.
            rules: of what is recommended.
            times: of the history's items, epoch seconds, None where unknown; None for no times.
            as_of: a moment in words; what is later is left out of the history, and it is asked about then.

        Raises:
            UsageError: none of user, history and wish is given, or both of the first; the user is not known; `n` is
                below 1; the rules do not fit the items; the times do not fit the history, or the dataset has none.
        """
        if n < 1:
            raise UsageError(Message("serve.length", n=n), Message("serve.give-length"))
        if user is not None and history is not None:
            raise UsageError(Message("serve.user-and-history"), Message("serve.give-one"))
        if user is None and history is None and not wish.strip():
            raise UsageError(Message("serve.nobody"), Message("serve.give-user"))
        if wish.strip():
            self.live.text_reader()  # raises where the model reads no texts
        unknown: list[str] = []
        moment = self.live.dataset.moment(as_of)
        whole = self._known(list(history or ()), times, unknown) if user is None else self._history(user)
        read = whole.until(moment)
        bound = self.bind(rules)
        notes = [self.live.note, *(bound.notes if bound is not None else ())]
        if len(whole) and not len(read):
            notes.append(Message("serve.nothing-before", moment=as_of))
        if unknown:
            named = ", ".join(f"“{item}”" for item in unknown[:UNKNOWN_NAMED])
            named += ", …" if len(unknown) > UNKNOWN_NAMED else ""
            name = self.live.dataset.name
            notes.append(Message("serve.history-unknown", count=len(unknown), name=name, ids=named))
        query = Query(read, n, exclude_seen, wish.strip(), bound)
        return Asked(query, tuple(unknown), tuple(filter(None, notes)))

    def _history(self, user: str) -> History:
        return self._histories.history(self.live.dataset.user_code(user))

    def _known(self, ids: list[str], times: Sequence[int | None] | None, unknown: list[str]) -> History:
        """A history of the ids that the model knows; the others are appended to `unknown`."""
        known = self.codes
        codes = np.array([known.get(item, 0) for item in ids], np.int32)
        read = History(codes, None if times is None else _moments(times, len(ids)))
        if codes.all():
            return read
        unknown += [item for item, code in zip(ids, codes, strict=True) if not code]
        return read[np.flatnonzero(codes)]

    def find(self, asked: Sequence[Asked]) -> list[Found]:
        """Answer queries together; see `OpenedModel.lists`."""
        return self.live.lists([each.query for each in asked])

    def shortfall(self, asked: Asked, found: Found) -> str:
        """Why a list is shorter than asked for; "" where it is not."""
        query, length = asked.query, len(found.codes)
        if length >= min(query.n, self.live.dataset.n_items):
            return ""
        barred = self.live.barred(query.history.items, query.exclude_seen, both(None, query.rules))
        candidates = int((~barred).sum())
        if query.rules is None:
            return Message("serve.short", count=candidates)
        return query.rules.shortfall(query.n, length, candidates)

    def similar(self, item: str, n: int = 10, rules: Rules = NO_RULES) -> tuple[Found, list[str]]:
        """The items that the model treats most alike, by the cosine of its item vectors, and notes.

        Raises:
            UsageError: the item is not known, the model has no item vectors, `n` is below 1, or the rules do not fit.
        """
        if n < 1:
            raise UsageError(Message("serve.length", n=n), Message("serve.give-length"))
        code, bound = self.code(item), self.bind(rules)
        near = self.live.neighbours.of(np.array([code]), n, both(None, bound))
        there = near.codes[0] > 0
        return Found(near.codes[0][there], near.cosines[0][there]), [] if bound is None else list(bound.notes)

    def features(self, found: Found) -> list[dict[str, str]]:
        """Features of the items of a list, texts by name, without their titles."""
        dataset = self.live.dataset
        names = [str(name) for name in dataset.item_features.columns if name != dataset.title_column]
        columns = [dataset.item_features[name].iloc[found.codes - 1].tolist() for name in names]
        return [dict(zip(names, texts, strict=True)) for texts in zip(*columns, strict=True)] or [
            {} for _ in found.codes
        ]

    def described(self, found: Found) -> list[Recommendation]:
        """The lines of a list, with titles and features."""
        pairs = zip(found.codes.tolist(), found.scores.tolist(), strict=True)
        return [self.live.describe(rank, code, score) for rank, (code, score) in enumerate(pairs, 1)]


def _moments(times: Sequence[int | None], count: int) -> NDArray[np.int64]:
    """Times of a history, int64 [count], `NO_TIME` where unknown.

    Raises:
        UsageError: they are not as many, or one is before the one before it.
    """
    if len(times) != count:
        raise UsageError(Message("serve.times-number", count=len(times), items=count), Message("serve.give-times"))
    known = np.array([time for time in times if time is not None], np.int64)
    if (np.diff(known) < 0).any():
        raise UsageError(Message("serve.times-order"), Message("serve.give-times"))
    return np.array([NO_TIME if time is None else time for time in times], np.int64)
