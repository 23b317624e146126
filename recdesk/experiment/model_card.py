"""The card of a model: README.md of its folder, with the metadata that the Hugging Face hub reads at its head."""

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
from recdesk.experiment.run_figures import how_good
from recdesk.workspace.runs import Run

LOAD = """recdesk import-model FOLDER        # a run that recommends, beside the same data
recdesk recommend last --user ID"""
LOAD_BERT = """from transformers import BertModel
bert = BertModel.from_pretrained("FOLDER")   # its vocabulary is the catalogue: row c is line c of items.csv"""


def model_card(run: Run, license_name: str, task: Task = UNWATCHED) -> str:
    """The card of a run's model, Markdown in English; no person is named in it.

    Args:
        run: with a model.
        license_name: as the hub names it; "" for none stated.
        task: gets progress.
    """
    title = Message("model-card.title", kind=run.kind, name=run.dataset_title)
    blocks: list[Block] = [
        Heading(1, title),
        paragraph(Message("model-card.made", version=__version__, run=run.id)),
        *_figures(run, task),
        *data_blocks(run),
        *protocol_blocks(run),
        Heading(2, Message("model-card.load")),
        Code(LOAD),
        paragraph(Message("model-card.load-bert")),
        Code(LOAD_BERT),
        *setting_blocks(run),
        *method_blocks([run.kind]),
        Heading(2, Message("model-card.license")),
        paragraph(
            Message("model-card.license-is", name=license_name) if license_name else Message("model-card.no-license")
        ),
    ]
    return _head(run, license_name) + as_markdown(Report(title, tuple(blocks)), str, "")


def _figures(run: Run, task: Task) -> list[Block]:
    try:
        found = how_good(run, task)
    except RecdeskError as error:  # a run without figures
        return [paragraph(error.sentence)]
    return [Heading(2, Message("run-report.in-words")), Bullets(tuple(found.sentences)), *figure_blocks(found)]


def _head(run: Run, license_name: str) -> str:
    """YAML metadata; its values are plain words."""
    plain = "".join(letter for letter in license_name.lower() if letter.isalnum() or letter in "-.")
    lines = [
        "---",
        "library_name: recdesk",
        f"license: {plain or 'other'}",
        "pipeline_tag: other",
        "tags:",
        *(f"  - {tag}" for tag in ("recommender-system", "sequential-recommendation", run.kind)),
        "---",
        "",
        "",
    ]
    return "\n".join(lines)
