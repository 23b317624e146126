"""Every command in the order of `recdesk --help`: the module that has it, and what it does in a few words.

A command imports its own module alone, so that a short one need not wait for what others need.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """Module of a command; its line in the list of commands, "" to be left out of it."""

    module: str
    summary: str = ""


COMMANDS: dict[str, Entry] = {
    "demo": Entry("recdesk.__main__", "The built-in example from data to recommendations."),
    "import": Entry("recdesk.cli.import_", "Read files into the workspace as a dataset."),
    "update": Entry("recdesk.cli.import_", "Put newer files in the place of a dataset, or add them."),
    "example": Entry("recdesk.cli.datasets", "Add the built-in example."),
    "datasets": Entry("recdesk.cli.datasets", "What there is to train on."),
    "health": Entry("recdesk.cli.import_", "How sound a dataset is: its shape and likely problems."),
    "split": Entry("recdesk.cli.split", "Write train, validation and test rows as files."),
    "pseudonyms": Entry("recdesk.cli.import_", "Find a person's pseudonym, or delete the key."),
    "texts": Entry("recdesk.cli.text", "What a model over texts will read of the items."),
    "encoder": Entry("recdesk.cli.text", "Download a text encoder, or list those here."),
    "train": Entry("recdesk.cli.commands", "Train a model on a dataset."),
    "resume": Entry("recdesk.cli.commands", "Go on with an interrupted run from its last checkpoint."),
    "queue": Entry("recdesk.cli.queue", "Train several configurations one after the other."),
    "cluster": Entry("recdesk.cli.cluster", "Test the connection to a Ray cluster."),
    "cluster-work": Entry("recdesk.cli.cluster"),
    "cluster-export": Entry("recdesk.cli.cluster"),
    "cluster-look": Entry("recdesk.cli.cluster"),
    "tune": Entry("recdesk.cli.tune", "Find good settings by many short trials."),
    "transfer": Entry("recdesk.cli.text", "Use a model over texts on another catalogue."),
    "runs": Entry("recdesk.cli.runs", "What was trained, and how good it is."),
    "evaluate": Entry("recdesk.cli.commands", "Rank everything for everybody's held-out items again."),
    "compare": Entry("recdesk.cli.compare", "Runs beside each other: what differs, and whether by chance."),
    "note-figure": Entry("recdesk.cli.published", "Note a published figure with its protocol."),
    "report": Entry("recdesk.cli.compare", "Write a report of runs to read and hand on."),
    "reproduce": Entry("recdesk.cli.package", "Train a run again and say whether all bits agree."),
    "recommend": Entry("recdesk.cli.recommend", "Top-N of a user, a history or a wish in words."),
    "export": Entry("recdesk.cli.recommend", "Write top-N for everybody to a file."),
    "rules": Entry("recdesk.cli.steer", "Store rules of what is recommended under a name."),
    "explain": Entry("recdesk.cli.items", "Why an item is recommended to a user."),
    "fidelity": Entry("recdesk.cli.items", "How far a run's explanations can be trusted."),
    "similar": Entry("recdesk.cli.items", "Items that a run's model treats most alike."),
    "map": Entry("recdesk.cli.map", "The catalogue as a map of what lies near what."),
    "search": Entry("recdesk.cli.text", "Find items by meaning."),
    "add-item": Entry("recdesk.cli.text", "Add an item that nobody has taken yet."),
    "serve": Entry("recdesk.cli.serve", "Answer requests over HTTP with a trained model."),
    "promote": Entry("recdesk.cli.serve", "Exchange the run that “recdesk serve” answers with."),
    "pack": Entry("recdesk.cli.package", "Save runs with data, models and notes as one file."),
    "open": Entry("recdesk.cli.package", "Add the runs and data of a packed file."),
    "export-model": Entry("recdesk.cli.models", "Write a run's model as a folder with a card."),
    "import-model": Entry("recdesk.cli.models", "Add the model in a folder as a run."),
    "kept": Entry("recdesk.cli.kept", "What is kept of people; delete a part of it."),
    "trash": Entry("recdesk.cli.kept", "What was removed and is still there."),
    "window": Entry("recdesk.__main__"),
}
