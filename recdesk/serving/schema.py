"""What requests and answers hold, declared once: checks, errors and the page of the interface follow from it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from recdesk.recommend.query import LONGEST_WISH
from recdesk.recommend.rules import Rules, parse_condition, parse_count

MOST_ITEMS = 1000
LONGEST_HISTORY = 5000
LONGEST_ID = 500
LONGEST_LIST = 10_000
LONGEST_CONDITION = 200
MOST_CONDITIONS = 20
MOST_SECONDS = 2**40
"""Largest time, epoch seconds: that of 34,000 years."""


Id = Annotated[str, StringConstraints(max_length=LONGEST_ID)]
Condition = Annotated[str, StringConstraints(max_length=LONGEST_CONDITION)]
Strength = Annotated[float, Field(ge=0, le=1)]


class _Request(BaseModel):
    # ids that look like numbers are often sent as such
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, coerce_numbers_to_str=True)


class RulesGiven(_Request):
    """Rules of what is recommended; all of them hold."""

    rules: Condition = Field("", description="Name of rules that are stored in the workspace.")
    allow: list[Id] | None = Field(None, max_length=LONGEST_LIST, description="Ids of the only items allowed.")
    block: list[Id] = Field([], max_length=LONGEST_LIST, description="Ids of items never to recommend.")
    where: list[Condition] = Field(
        [], max_length=MOST_CONDITIONS, description="Conditions, such as “genres contains Comedy” or “year >= 1990”."
    )
    at_most: Condition = Field("", description="So many items of a category in a list, such as “genres=2”.")
    at_least: Condition = Field("", description="So many categories in a list, such as “genres=4”.")
    diversity: Strength = Field(0.0, description="How much unlike items are preferred within a list.")
    diversity_by: Condition = Field("", description="Unlike in this feature; without it, by the model's vectors.")
    damping: Strength = Field(0.0, description="How much the scores of popular items are lowered.")

    @property
    def own(self) -> Rules | None:
        """The rules besides those that are stored; None for none.

        Raises:
            UsageError: one cannot be read.
        """
        if self.model_fields_set.isdisjoint(RulesGiven.model_fields):
            return None
        cap = parse_count(self.at_most) if self.at_most else ("", 0)
        spread = parse_count(self.at_least) if self.at_least else ("", 0)
        return Rules(
            allow=None if self.allow is None else tuple(self.allow),
            block=tuple(self.block),
            conditions=tuple(map(parse_condition, self.where)),
            cap_feature=cap[0],
            cap=cap[1],
            spread_feature=spread[0],
            spread=spread[1],
            diversity=self.diversity,
            diversity_feature=self.diversity_by,
            damping=self.damping,
        )


class RecommendRequest(RulesGiven):
    """Whom and what to recommend: a user id or a history, a wish in words, or one of them and a wish."""

    user: Id | None = Field(None, description="A user id of the dataset.")
    history: list[Id] | None = Field(
        None, max_length=LONGEST_HISTORY, description="Item ids, the oldest first; may be empty."
    )
    times: list[Annotated[int, Field(ge=-MOST_SECONDS, le=MOST_SECONDS)] | None] | None = Field(
        None, max_length=LONGEST_HISTORY, description="Of the history, epoch seconds, null where unknown."
    )
    as_of: Condition = Field("", description="A moment, such as “2018-01-31”: as things stood then.")
    wish: str = Field("", max_length=LONGEST_WISH, description="What is looked for (models that read texts).")
    n: int = Field(10, ge=1, le=MOST_ITEMS, description="Length of the list.")
    exclude_seen: bool = Field(True, description="Leave out what is in the history.")
    features: bool = Field(False, description="Give the features of each item too.")


class SimilarRequest(RulesGiven):
    """The item whose neighbours are wanted."""

    item: Id = Field(description="An item id of the dataset.")
    n: int = Field(10, ge=1, le=MOST_ITEMS, description="Length of the list.")
    features: bool = Field(False, description="Give the features of each item too.")


class Item(BaseModel):
    """A line of a list; `score` ranks within this list, and is a cosine for similar items."""

    rank: int
    item_id: str
    title: str
    score: float
    features: dict[str, str] | None = None


class ListAnswer(BaseModel):
    """Items, best first; sentences on them; ids of the history that the model does not know."""

    run: str
    items: list[Item]
    notes: list[str]
    unknown: list[str]


class ModelFacts(BaseModel):
    """The model that answers now; `problem` says why a newer one could not be opened, "" where nothing is wrong."""

    run: str
    kind: str
    dataset: str
    items: int
    people: int
    reads_texts: bool
    has_vectors: bool
    metrics: dict[str, float]
    note: str
    problem: str


class StatisticsAnswer(BaseModel):
    """Counts since the start; rate and latencies of the last ten seconds."""

    requests: int
    refused: int
    waiting: int
    per_second: float
    p50_ms: float
    p99_ms: float


class Health(BaseModel):
    """Whether the server is there, or ready to answer."""

    status: str


class ErrorAnswer(BaseModel):
    """What went wrong, what to do about it, and the key of the sentence."""

    error: str
    suggestion: str
    code: str
