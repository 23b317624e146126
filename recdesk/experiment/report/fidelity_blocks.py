"""Blocks on how far a run's explanations can be trusted."""

from collections.abc import Iterator

from recdesk.core.messages import Message
from recdesk.experiment.report.blocks import Block, Heading, Line, LinePlot, paragraph
from recdesk.recommend.fidelity import Fidelity


def fidelity_blocks(found: Fidelity | None, run_id: str) -> Iterator[Block]:
    """The sentence and both curves; what measures them where it was not done yet."""
    yield Heading(2, Message("fidelity.title"))
    if found is None:
        yield paragraph(Message("fidelity.not-measured", run=run_id))
        return
    yield paragraph(found.sentence, Message("fidelity.method", count=found.people))
    shares = tuple((100 * found.shares).tolist())
    for name, title, axis, explained, random in (
        ("deletion", Message("fidelity.deletion"), Message("fidelity.share-gone"), found.deletion,
         found.deletion_random),
        ("insertion", Message("fidelity.insertion"), Message("fidelity.share-there"), found.insertion,
         found.insertion_random),
    ):  # fmt: skip
        lines = (
            Line(Message("fidelity.explained"), shares, tuple(explained.tolist())),
            Line(Message("fidelity.random"), shares, tuple(random.tolist())),
        )
        yield LinePlot(f"fidelity-{name}", title, axis, Message("fidelity.score"), lines, (), False)
