"""The card of a model: README.md of its folder, with the metadata that the Hugging Face hub reads at its head."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from recdesk import __version__
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.report.blocks import Block, Bullets, Code, Heading, Report, paragraph
from recdesk.experiment.report.markdown import as_markdown
from recdesk.experiment.report.run_blocks import (
    data_blocks,
    figure_blocks,
    method_blocks,
    protocol_blocks,
    setting_blocks,
)
from recdesk.experiment.run_figures import HowGood, how_good
from recdesk.workspace.runs import Run

LOAD = """recdesk import-model FOLDER        # a run that recommends, beside the same data
recdesk recommend last --user ID"""
LOAD_BERT = """from transformers import BertModel
bert = BertModel.from_pretrained("FOLDER")   # its vocabulary is the catalogue: row c is line c of items.csv"""
HEAD_FIGURES = ("ndcg@10", "recall@10")


@dataclass(frozen=True)
class CardForm:
    """What a card says of the form in which the model is stored.

    Attributes:
        title: of the card.
        library: that opens it, as the hub names it.
        tags: of the form.
        use: how it is used.
        more: what else is to be known.
    """

    title: str
    library: str
    tags: tuple[str, ...]
    use: tuple[Block, ...]
    more: tuple[Block, ...] = ()


def of_weights(run: Run) -> CardForm:
    """For `model.safetensors`."""
    use = (Code(LOAD), paragraph(Message("model-card.load-bert")), Code(LOAD_BERT))
    return CardForm(Message("model-card.title", kind=run.kind, name=run.dataset_title), "recdesk", (), use)


def model_card(run: Run, license_name: str, task: Task = UNWATCHED, form: CardForm | None = None) -> str:
    """The card of a run's model, Markdown in English; no person is named in it.

    Args:
        run: with a model.
        license_name: as the hub names it; "" for none stated.
        task: gets progress.
        form: in which it is stored; None for `of_weights`.
    """
    form = form or of_weights(run)
    found = _found(run, task)
    blocks: list[Block] = [
        Heading(1, form.title),
        paragraph(Message("model-card.made", version=__version__, run=run.id)),
        *_figures(found),
        *form.more,
        *data_blocks(run),
        *protocol_blocks(run),
        Heading(2, Message("model-card.load")),
        *form.use,
        *setting_blocks(run),
        *method_blocks([run.kind]),
        Heading(2, Message("model-card.license")),
        paragraph(
            Message("model-card.license-is", name=license_name) if license_name else Message("model-card.no-license")
        ),
    ]
    return _head(run, license_name, form, found) + as_markdown(Report(form.title, tuple(blocks)), str, "")


def _found(run: Run, task: Task) -> HowGood | str:
    """Its figures, or why there are none."""
    try:
        return how_good(run, task)
    except RecdeskError as error:
        return error.sentence


def _figures(found: HowGood | str) -> list[Block]:
    if isinstance(found, str):
        return [paragraph(found)]
    return [Heading(2, Message("run-report.in-words")), Bullets(tuple(found.sentences)), *figure_blocks(found)]


def _head(run: Run, license_name: str, form: CardForm, found: HowGood | str) -> str:
    """YAML metadata, as the hub defines it."""
    plain = "".join(letter for letter in license_name.lower() if letter.isalnum() or letter in "-.")
    head: dict[str, Any] = {
        "library_name": form.library,
        "license": plain or "other",
        "pipeline_tag": "other",
        "tags": ["recommender-system", "sequential-recommendation", run.kind, *form.tags],
    }
    if not isinstance(found, str):
        metrics = list(_metrics(run, found))
        task = {"type": "sequential-recommendation"}
        data = {"name": run.dataset_title, "type": "recdesk", "revision": run.dataset_hash}
        head["metrics"] = [each["type"] for each in metrics]
        head["model-index"] = [
            {"name": str(form.title), "results": [{"task": task, "dataset": data, "metrics": metrics}]}
        ]
    text = yaml.dump(head, Dumper=_Indented, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10**6)
    return f"---\n{text}---\n\n"


def _metrics(run: Run, found: HowGood) -> Iterator[dict[str, Any]]:
    """Figures with their intervals, and the protocol by which they were measured."""
    for name in HEAD_FIGURES:
        figure = found.figures.get(name)
        if figure is not None:
            about: dict[str, Any] = {"part": found.part, "protocol": str(run.protocol.get("hash", ""))}
            if figure.low is not None and figure.high is not None:
                about["interval_95"] = [round(float(figure.low), 6), round(float(figure.high), 6)]
            yield {"type": name, "value": round(float(figure.value), 6), "args": about}


class _Indented(yaml.SafeDumper):
    """Indents lists below their names."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
