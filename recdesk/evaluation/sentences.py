"""How good a model is, in words."""

from collections.abc import Iterator, Mapping

from recdesk.core.messages import Message, word
from recdesk.evaluation.figure import Figure
from recdesk.evaluation.measured import family_sentence
from recdesk.evaluation.metrics import in_people
from recdesk.evaluation.significance import LEVEL

LEAKED = 0.1
"""Share of test events older than the newest training event from which it is a footnote."""
TIED = 0.01
"""Share of people whose held-out item is tied from which it is a footnote."""


def found_sentence(metrics: Mapping[str, float]) -> str:
    """Recall in whole people."""
    of, first, ten = in_people(metrics)
    if of == 100:
        return Message("figures.of-hundred-find", first=first, ten=ten)
    return Message("figures.of-people-find", people=of, first=first, ten=ten)


def interval_sentence(name: str, figure: Figure) -> str:
    """A figure with its confidence interval; "" for one without."""
    if figure.low is None or figure.high is None:
        return ""
    return Message(
        "figures.interval-of", name=name, value=figure.value, low=figure.low, high=figure.high, people=figure.people
    )


def verdict(result: Mapping[str, float]) -> int:
    """1 where a comparison says better, -1 worse, 0 neither: by Holm's adjusted p-value (which runs of older versions
    lack) and by the confidence interval, which is corrected more strictly; so no sentence contradicts its interval."""
    if result.get("p holm", 0.0) >= LEVEL:
        return 0
    return 1 if result["low"] > 0 else -1 if result["high"] < 0 else 0


def comparison_sentence(name: str, result: Mapping[str, float]) -> str:
    """The difference of NDCG@10 to a baseline, with its interval and what the test says.

    Args:
        name: of the baseline.
        result: as of `metrics.compare`, with "p holm" where it is known.
    """
    values = {"name": word(name), **{key: result[key] for key in ("difference", "low", "high")}}
    said = verdict(result)
    if "p holm" not in result:
        if said > 0:
            return Message("figures.better-than", **values)
        return Message("figures.worse-than", **values) if said < 0 else Message("figures.as-good-as", **values)
    values["p"] = p_text(result["p holm"])
    if said > 0:
        return Message("figures.better-than-tested", **values)
    return (
        Message("figures.worse-than-tested", **values) if said < 0 else Message("figures.as-good-as-tested", **values)
    )


def p_text(p: float) -> str:
    """A p-value as text: "= 0.012", "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.1 else f"= {p:.2f}"


def comparison_sentences(compared: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Each comparison with a baseline, then how they are corrected for being several."""
    for name, result in compared.items():
        yield comparison_sentence(name, result)
    if len(compared) > 1 and all("p holm" in result for result in compared.values()):
        yield Message("figures.holm-over", count=len(compared))
    if sentence := family_sentence(compared):
        yield sentence


def weaker_than(compared: Mapping[str, Mapping[str, float]]) -> str:
    """A footnote where the hardest baseline is not clearly worse; "" else."""
    hardest = min(compared, key=lambda name: compared[name]["difference"], default="")
    if not hardest or verdict(compared[hardest]) > 0:
        return ""
    if verdict(compared[hardest]) < 0:
        return Message("figures.note-worse-than", name=word(hardest))
    return Message("figures.note-not-better-than", name=word(hardest))


def leakage_note(leaks: Mapping[str, float | None]) -> str:
    """A footnote where the model saw part of the future of others; "" else."""
    share = leaks.get("test_before_newest_training")
    return Message("figures.note-leakage", share=100 * share) if share is not None and share >= LEAKED else ""


def tie_note(tied: float) -> str:
    """A footnote where the held-out items of many people are tied with others; "" else."""
    return Message("figures.note-ties", share=100 * tied) if tied >= TIED else ""
