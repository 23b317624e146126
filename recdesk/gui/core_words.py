"""What the core says, in the person's language: its sentences are English and made from the templates below."""

import re
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from recdesk.gui.core_errors import ERRORS
from recdesk.gui.core_failures import FAILURES

TEMPLATES = (
    # stages and ends of a run
    QT_TRANSLATE_NOOP("Core", "Loading “{name}”."),
    QT_TRANSLATE_NOOP("Core", "Scoring the baselines on the same split."),
    QT_TRANSLATE_NOOP("Core", "{count} weights, {softmax}."),
    QT_TRANSLATE_NOOP("Core", "full softmax ({size} a step, in chunks)"),
    QT_TRANSLATE_NOOP("Core", "{count} sampled negatives (full softmax: {size} a step)"),
    QT_TRANSLATE_NOOP("Core", "each target compared with the others of its step"),
    QT_TRANSLATE_NOOP("Core", "binary cross-entropy against {count} negatives"),
    QT_TRANSLATE_NOOP("Core", "Ranking the whole catalogue for everybody's held-out items."),
    QT_TRANSLATE_NOOP("Core", "Stopped; everything up to here is kept."),
    QT_TRANSLATE_NOOP("Core", "The time limit of {minutes} minutes is reached."),
    QT_TRANSLATE_NOOP("Core", "No improvement in {count} evaluations; epoch {epoch} was best."),
    QT_TRANSLATE_NOOP("Core", "All {count} epochs are done."),
    QT_TRANSLATE_NOOP("Core", "The program ended while it was at work."),
    QT_TRANSLATE_NOOP("Core", "Given up early: most other trials were better by then."),
    QT_TRANSLATE_NOOP("Core", "The final figures were skipped; “evaluate” makes them."),
    QT_TRANSLATE_NOOP("Core", "{sentence} Training waits until it can be written to again."),
    QT_TRANSLATE_NOOP("Core", "The disk that holds “{folder}” is full."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” cannot be written to."),
    QT_TRANSLATE_NOOP("Core", "The folder “{folder}” does not exist (any more)."),
    QT_TRANSLATE_NOOP("Core", "Your disk quota for “{folder}” is used up."),
    QT_TRANSLATE_NOOP("Core", "Delete some of your files there, or ask for more, then try again."),
    QT_TRANSLATE_NOOP("Core", "“{path}” would be larger than a file may be there."),
    QT_TRANSLATE_NOOP(
        "Core", "Choose another disk (FAT32 holds files of up to 4 GB), or raise the limit on file sizes."
    ),
    QT_TRANSLATE_NOOP("Core", "“{path}” is open in another program."),
    QT_TRANSLATE_NOOP("Core", "Close it there, or check its permissions, then try again."),
    QT_TRANSLATE_NOOP("Core", "“{path}” could not be written: a file or folder of another kind is in its place."),
    QT_TRANSLATE_NOOP("Core", "Move that elsewhere, then try again."),
    QT_TRANSLATE_NOOP("Core", "“{path}” is too long a path."),
    QT_TRANSLATE_NOOP("Core", "Choose a shorter name, or a folder further up."),
    QT_TRANSLATE_NOOP("Core", "“{name}” is no name that this system gives a file."),
    QT_TRANSLATE_NOOP("Core", 'Leave out < > : " | ? * and line ends.'),
    QT_TRANSLATE_NOOP("Core", "Another window or command is changing “{folder}”."),
    QT_TRANSLATE_NOOP("Core", "Try again when it is done."),
    QT_TRANSLATE_NOOP("Core", "Connect the drive that it is on, or work in another workspace."),
    QT_TRANSLATE_NOOP("Core", "The loss went out of control at step {step}."),
    QT_TRANSLATE_NOOP(
        "Core",
        "Resume the run: it goes on from step {step} with half the learning rate. The best model so far is kept.",
    ),
    QT_TRANSLATE_NOOP("Core", "Memory ran out: steps are now done in {count} parts."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{some} of {every} people are measured, drawn by chance: to rank {items} items for everybody would take long.",
    ),
    QT_TRANSLATE_NOOP("Core", "“popular lately” is left out: the data has no times."),
    # steps over texts
    QT_TRANSLATE_NOOP("Core", "Step 1 of 5: making a text of each item."),
    QT_TRANSLATE_NOOP("Core", "Step 2 of 5: {encoder} learns the catalogue's language."),
    QT_TRANSLATE_NOOP("Core", "Reading {count} items' texts with {encoder}."),
    QT_TRANSLATE_NOOP("Core", "{encoder_name} ({layers} layers, {width} wide)"),
    QT_TRANSLATE_NOOP("Core", "trained here"),
    QT_TRANSLATE_NOOP("Core", "{share} of the items' texts are longer than {count} pieces and are cut."),
    QT_TRANSLATE_NOOP("Core", "{count} items have no text; the model knows them by behaviour alone."),
    QT_TRANSLATE_NOOP("Core", "Stopped while the texts were read; resume goes on from there."),
    QT_TRANSLATE_NOOP("Core", "Taking over what run {run} learned."),
    QT_TRANSLATE_NOOP(
        "Core",
        "The packaged encoder does not know {share} of the pieces of these texts; one is trained here instead.",
    ),
    QT_TRANSLATE_NOOP("Core", "Step 2 of 5: the encoder has learned already."),
    QT_TRANSLATE_NOOP("Core", "Step 2 of 5: the encoder of the study's first trial is taken over."),
    QT_TRANSLATE_NOOP("Core", "Taken over as it is; nothing was learned here."),
    QT_TRANSLATE_NOOP("Core", "Nothing was learned: no epoch was asked for."),
    QT_TRANSLATE_NOOP("Core", "There is no run “{run}” to start from any more."),
    QT_TRANSLATE_NOOP("Core", "Choose another run, or none."),
    QT_TRANSLATE_NOOP("Core", "Run {run} is a {kind} one; only text-bert and hybrid can move to another catalogue."),
    QT_TRANSLATE_NOOP("Core", "Choose a run of one of these."),
    QT_TRANSLATE_NOOP("Core", "Run {run} scores items by a layer of its own, which cannot move to another catalogue."),
    QT_TRANSLATE_NOOP("Core", "Choose a run whose items are scored by their vectors."),
    QT_TRANSLATE_NOOP("Core", "“{name}” is {value}, but the run {run} that this one starts from has {there}."),
    QT_TRANSLATE_NOOP("Core", "Set it to {there}, or start from nothing."),
    QT_TRANSLATE_NOOP("Core", "The model to start from has other sizes."),
    QT_TRANSLATE_NOOP("Core", "Start from nothing instead."),
    QT_TRANSLATE_NOOP("Core", "This model scores only the items that it was trained with."),
    QT_TRANSLATE_NOOP("Core", "Train text-bert or hybrid for new items."),
    QT_TRANSLATE_NOOP(
        "Core", "Memory ran out: the encoder now computes again what it kept before, which takes longer."
    ),
    QT_TRANSLATE_NOOP("Core", "untrained"),
    QT_TRANSLATE_NOOP("Core", "The items of “{name}” have no texts to read."),
    QT_TRANSLATE_NOOP(
        "Core",
        "Skipped, an encoder made elsewhere keeps to the words it knows; one from nothing lost a tenth of NDCG@10 by "
        "it (text-bert on MovieLens: .060 instead of .068).",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "Skipped, the encoder stays as step 2 left it; on the built-in example that cost nothing that could be "
        "measured.",
    ),
    QT_TRANSLATE_NOOP("Core", "There is no word in what you wrote."),
    QT_TRANSLATE_NOOP("Core", "Describe it in a few words."),
    QT_TRANSLATE_NOOP("Core", "The item text “{template}” names no column."),
    QT_TRANSLATE_NOOP("Core", "Put column names in curly braces, such as {example}."),
    QT_TRANSLATE_NOOP("Core", "The item text asks for “{name}”, which the items do not have."),
    QT_TRANSLATE_NOOP("Core", "The columns are: {names}."),
    QT_TRANSLATE_NOOP("Core", "No item has a text by this template."),
    QT_TRANSLATE_NOOP("Core", "Choose other columns."),
    QT_TRANSLATE_NOOP(
        "Core", "Import the data with a file of the items' titles and features, or choose a model over ids."
    ),
    QT_TRANSLATE_NOOP("Core", "The tokenizer in “{folder}” cannot be read."),
    QT_TRANSLATE_NOOP("Core", "Download it again, or choose another one."),
    QT_TRANSLATE_NOOP("Core", "There is no text encoder “{name}” on this computer."),
    # encoders and where they come from
    QT_TRANSLATE_NOOP("Core", "Download it first (recdesk encoder {name}), or choose a folder, packaged or scratch."),
    QT_TRANSLATE_NOOP("Core", "There is no folder “{name}”."),
    QT_TRANSLATE_NOOP("Core", "Choose the folder that holds the encoder's config.json."),
    QT_TRANSLATE_NOOP("Core", "The packaged text encoder is not installed."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” holds a model of the kind “{kind}”, not a BERT."),
    QT_TRANSLATE_NOOP("Core", "Choose a BERT checkpoint, such as bert-base-chinese, bge-small or all-MiniLM-L6-v2."),
    QT_TRANSLATE_NOOP(
        "Core", "“{folder}” has its weights only as pytorch_model.bin, a format that can run code when it is opened."
    ),
    QT_TRANSLATE_NOOP("Core", "Take a version of the model with model.safetensors."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” has no weights (model.safetensors)."),
    QT_TRANSLATE_NOOP("Core", "Download the whole model, not only its settings."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” has no tokenizer (tokenizer.json or vocab.txt)."),
    QT_TRANSLATE_NOOP("Core", "Download the whole model: the tokenizer belongs to the weights."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” is not an encoder: it has no config.json."),
    QT_TRANSLATE_NOOP("Core", "Choose the folder itself, not one above or below it."),
    QT_TRANSLATE_NOOP("Core", "“{folder}” is damaged or cut short."),
    QT_TRANSLATE_NOOP("Core", "Download the encoder again."),
    QT_TRANSLATE_NOOP("Core", "“{name}” is not the name of a model."),
    QT_TRANSLATE_NOOP("Core", "Give it as “owner/name” or “name”."),
    QT_TRANSLATE_NOOP("Core", "There is no public model “{name}” on the hub."),
    QT_TRANSLATE_NOOP(
        "Core", "Check how it is written; a private one must be downloaded elsewhere, and its folder chosen."
    ),
    QT_TRANSLATE_NOOP("Core", "“{name}” is given only to people who agreed to its terms."),
    QT_TRANSLATE_NOOP("Core", "Download it in a browser and choose its folder, or take another model."),
    QT_TRANSLATE_NOOP("Core", "The hub at {place} cannot be reached."),
    QT_TRANSLATE_NOOP(
        "Core", "Check the network, then try again: a download goes on where it stopped. HF_ENDPOINT can name a mirror."
    ),
    QT_TRANSLATE_NOOP("Core", "Check the network, then try again: a download goes on where it stopped."),
    QT_TRANSLATE_NOOP("Core", "The connection broke while “{name}” was on its way."),
    QT_TRANSLATE_NOOP("Core", "The connection broke after {here} of {all} bytes of “{name}”."),
    QT_TRANSLATE_NOOP(
        "Core", "“{name}” has its weights only as pytorch_model.bin, a format that can run code when opened."
    ),
    QT_TRANSLATE_NOOP("Core", "Choose a model, or a revision of this one, that has model.safetensors."),
    QT_TRANSLATE_NOOP("Core", "The hub answers no more requests for now."),
    QT_TRANSLATE_NOOP("Core", "Wait some minutes, then try again."),
    QT_TRANSLATE_NOOP("Core", "The hub answered with the error {status}."),
    QT_TRANSLATE_NOOP("Core", "Try again later."),
    QT_TRANSLATE_NOOP("Core", "“{name}” is being downloaded already."),
    QT_TRANSLATE_NOOP("Core", "Wait until it is there."),
    QT_TRANSLATE_NOOP("Core", "“{name}” needs {missing}, but “{folder}” has only {free} left."),
    QT_TRANSLATE_NOOP("Core", "Free some space, then try again."),
    QT_TRANSLATE_NOOP("Core", "“{name}” arrived damaged: {why}."),
    QT_TRANSLATE_NOOP("Core", "Try again: this file starts anew, the others stay."),
    QT_TRANSLATE_NOOP("Core", "Connecting"),
    QT_TRANSLATE_NOOP("Core", "Done"),
    QT_TRANSLATE_NOOP("Core", "Downloading {name} ({size})"),
    QT_TRANSLATE_NOOP("Core", "Checking {name}"),
    # whom figures are of
    QT_TRANSLATE_NOOP("Core", "{some} of {every} people are measured, drawn by chance."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{some} of {every} people could be measured; of the others there is too little to hold an item out.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "No held-out item can be hit: everybody took theirs before, and what somebody took is not recommended.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "For {some} of {every} people the held-out item cannot be hit: they took it before, and what somebody took is "
        "not recommended.",
    ),
    QT_TRANSLATE_NOOP("Core", "For {some} of {every} people one item is left to rank: every model puts it first."),
    QT_TRANSLATE_NOOP(
        "Core",
        "For {some} of {every} people at most 10 items are left to rank: to be among the first ten means nothing.",
    ),
    QT_TRANSLATE_NOOP("Core", "Only {count} people are measured: that is too few to say which model is better."),
    QT_TRANSLATE_NOOP(
        "Core", "The intervals of the {count} comparisons hold all together with 95 % confidence (Bonferroni)."
    ),
    QT_TRANSLATE_NOOP(
        "Core", "Each interval holds by itself: the {count} comparisons are not corrected for being several."
    ),
    # baselines and the protocol
    QT_TRANSLATE_NOOP("Core", "similar texts"),
    QT_TRANSLATE_NOOP("Core", "most popular"),
    QT_TRANSLATE_NOOP("Core", "popular lately"),
    QT_TRANSLATE_NOOP("Core", "item-kNN"),
    QT_TRANSLATE_NOOP("Core", "file order"),
    # the built-in example
    QT_TRANSLATE_NOOP(
        "Core", "Generated example: not real people. Nine times in ten a reader goes on with the next volume."
    ),
    # the steps of an import
    QT_TRANSLATE_NOOP("Core", "Looking into {name}"),
    QT_TRANSLATE_NOOP("Core", "Reading values"),
    QT_TRANSLATE_NOOP("Core", "Preparing {name}: {read} of {size} MB"),
    QT_TRANSLATE_NOOP("Core", "Reading {name}: {read} of {size} MB"),
    QT_TRANSLATE_NOOP("Core", "Reading {name}"),
    QT_TRANSLATE_NOOP("Core", "Looking for what is wrong"),
    QT_TRANSLATE_NOOP("Core", "Sorting"),
    QT_TRANSLATE_NOOP("Core", "Cleaning"),
    QT_TRANSLATE_NOOP("Core", "Putting together"),
    QT_TRANSLATE_NOOP("Core", "Looking for problems"),
    QT_TRANSLATE_NOOP("Core", "Comparing"),
    QT_TRANSLATE_NOOP("Core", "Done"),
    # the health of a dataset
    QT_TRANSLATE_NOOP("Core", "{share} of timestamps are identical: {unknown} is unknown."),
    QT_TRANSLATE_NOOP("Core", "order within a day"),
    QT_TRANSLATE_NOOP("Core", "their order"),
    QT_TRANSLATE_NOOP(
        "Core", "{count} interactions are dated before 1990 or in the future: is the time column the right one?"
    ),
    QT_TRANSLATE_NOOP(
        "Core", "{share} of the people have fewer than 3 interactions: too few to measure anything on them."
    ),
    QT_TRANSLATE_NOOP("Core", "One user makes {share} of all interactions: a robot?"),
    QT_TRANSLATE_NOOP("Core", "One user has more than 100 times as many interactions as most: a robot?"),
    QT_TRANSLATE_NOOP("Core", "{count} users have more than 100 times as many interactions as most: robots?"),
    QT_TRANSLATE_NOOP("Core", "There are only {count} people: every figure will be uncertain."),
    QT_TRANSLATE_NOOP("Core", "{share} of the items were taken once: of them there is next to nothing to learn."),
    QT_TRANSLATE_NOOP(
        "Core", "1 % of the items make {share} of all interactions: whoever recommends only these looks good."
    ),
    QT_TRANSLATE_NOOP(
        "Core", "{share} of the interactions take an item again; what somebody took is never recommended."
    ),
    QT_TRANSLATE_NOOP("Core", "{share} of the ratings lie in the lower half of the scale and count as liked."),
    QT_TRANSLATE_NOOP("Core", "{count} items have no text; models that read texts know nothing of them."),
    # what an import did
    QT_TRANSLATE_NOOP("Core", "a rating that is no number"),
    QT_TRANSLATE_NOOP("Core", "a time that cannot be read"),
    QT_TRANSLATE_NOOP("Core", "no user id"),
    QT_TRANSLATE_NOOP("Core", "no item id"),
    QT_TRANSLATE_NOOP("Core", "an id with characters that do not fit the encoding"),
    QT_TRANSLATE_NOOP("Core", "too few fields"),
    QT_TRANSLATE_NOOP("Core", "{reason} ({found} instead of {wanted})"),
    QT_TRANSLATE_NOOP("Core", "too many fields"),
    QT_TRANSLATE_NOOP("Core", "a quote that is never closed, or closed too early"),
    QT_TRANSLATE_NOOP("Core", "characters that do not fit the encoding"),
    QT_TRANSLATE_NOOP("Core", "a line that is too long"),
    QT_TRANSLATE_NOOP("Core", "quotes in the wrong places"),
    QT_TRANSLATE_NOOP("Core", "not a JSON object"),
    QT_TRANSLATE_NOOP("Core", "exact duplicates"),
    QT_TRANSLATE_NOOP("Core", "repeats, first kept"),
    QT_TRANSLATE_NOOP("Core", "repeats, last kept"),
    QT_TRANSLATE_NOOP("Core", "rating below {least}"),
    QT_TRANSLATE_NOOP("Core", "{k}-core"),
    QT_TRANSLATE_NOOP("Core", "ids brought into one Unicode form (NFC)"),
    QT_TRANSLATE_NOOP("Core", "events other than {names}"),
    QT_TRANSLATE_NOOP("Core", "before {day}"),
    QT_TRANSLATE_NOOP("Core", "after {day}"),
    QT_TRANSLATE_NOOP("Core", "users with more than {count} interactions"),
    QT_TRANSLATE_NOOP("Core", "users with fewer than {users} or items with fewer than {items} interactions"),
    QT_TRANSLATE_NOOP("Core", "users with fewer than {count} interactions"),
    QT_TRANSLATE_NOOP("Core", "items with fewer than {count} interactions"),
    QT_TRANSLATE_NOOP("Core", "The rejected rows are kept in rejects.csv beside the dataset."),
    QT_TRANSLATE_NOOP("Core", "User ids were replaced by pseudonyms."),
    QT_TRANSLATE_NOOP("Core", "The other columns, which were kept, may still name people."),
    QT_TRANSLATE_NOOP("Core", "The features of users, which were kept, may still tell who somebody is."),
    QT_TRANSLATE_NOOP("Core", "Left out of “{name}”, as they may name people: {columns}."),
    QT_TRANSLATE_NOOP("Core", "{count} rows of “{name}” have no user id."),
    QT_TRANSLATE_NOOP("Core", "{count} users have several values of a feature in “{name}”; the latest one counts."),
    QT_TRANSLATE_NOOP("Core", "{count} users have several values of a feature in “{name}”; the last one counts."),
    QT_TRANSLATE_NOOP("Core", "rejects.csv leaves out what stood in the rejected rows, which may name people."),
    QT_TRANSLATE_NOOP("Core", "New: {users} users, {items} items, {interactions} interactions."),
    QT_TRANSLATE_NOOP("Core", "Gone: {users} users, {items} items, {interactions} interactions."),
    QT_TRANSLATE_NOOP("Core", "Nothing changed: the same interactions as before."),
    QT_TRANSLATE_NOOP("Core", "Only the first {count} rejected rows are kept one by one."),
    QT_TRANSLATE_NOOP("Core", "The file has no times: its order is taken as the order of events."),
    QT_TRANSLATE_NOOP("Core", "{count} rows repeat a user and item; without times they may be real, and are kept."),
    QT_TRANSLATE_NOOP("Core", "The dates could be read with the day or the month first; the month was taken."),
    QT_TRANSLATE_NOOP("Core", "{count} characters of “{name}” do not fit its encoding ({encoding})."),
    QT_TRANSLATE_NOOP("Core", "{count} lines of “{name}” could not be read."),
    QT_TRANSLATE_NOOP("Core", "{count} rows of “{name}” repeat an id or have none; the first of each id counts."),
    QT_TRANSLATE_NOOP("Core", "Text in {encoding}, separated by {separator}, with header."),
    QT_TRANSLATE_NOOP("Core", "Text in {encoding}, separated by {separator}, no header."),
    QT_TRANSLATE_NOOP("Core", "The table begins in line {line}; what stands above is left out."),
    QT_TRANSLATE_NOOP("Core", "an id with a zero byte in it"),
    QT_TRANSLATE_NOOP("Core", "an id of more than {most} bytes: a quote or a separator may be missing"),
    QT_TRANSLATE_NOOP("Core", "a user without items"),
    QT_TRANSLATE_NOOP("Core", "a time of day that cannot be read"),
    QT_TRANSLATE_NOOP("Core", "a time of day of its own beside the other column's"),
    QT_TRANSLATE_NOOP("Core", "{count} rows have a day but no time of day; they are taken as midnight."),
    QT_TRANSLATE_NOOP("Core", "The times are put together from “{time}” and “{clock}”."),
    QT_TRANSLATE_NOOP("Core", "“{text}” was read as {number}; the comma could also be read differently."),
    QT_TRANSLATE_NOOP("Core", "The dates are read with the day first, as “{example}” shows."),
    QT_TRANSLATE_NOOP("Core", "The dates are read with the month first, as “{example}” shows."),
    QT_TRANSLATE_NOOP("Core", "The times are read as days since 1900, as Excel counts them."),
    QT_TRANSLATE_NOOP(
        "Core",
        "The times are of mixed forms: {count} are not written as the others ({form}); "
        "“{example}” would be read as: {other}.",
    ),
    QT_TRANSLATE_NOOP("Core", "The times are of mixed units: {seconds} in seconds, {smaller} in smaller ones."),
    QT_TRANSLATE_NOOP("Core", "year first"),
    QT_TRANSLATE_NOOP("Core", "month first"),
    QT_TRANSLATE_NOOP("Core", "day first"),
    QT_TRANSLATE_NOOP("Core", "month as a word"),
    QT_TRANSLATE_NOOP("Core", "as computers print it"),
    QT_TRANSLATE_NOOP("Core", "epoch seconds"),
    QT_TRANSLATE_NOOP("Core", "days as Excel counts them"),
    QT_TRANSLATE_NOOP("Core", "year, month and day in 8 digits"),
    QT_TRANSLATE_NOOP("Core", "year to second in 14 digits"),
    QT_TRANSLATE_NOOP("Core", "The header names {names} columns, but the rows have {columns}."),
    QT_TRANSLATE_NOOP("Core", "Text in {encoding}; each line has a user, then items, separated by {separator}."),
    QT_TRANSLATE_NOOP("Core", "Text in {encoding}; each line has items, separated by {separator}."),
    QT_TRANSLATE_NOOP("Core", "The table “{name}” is read."),
    QT_TRANSLATE_NOOP("Core", "{count} characters shown do not fit the encoding; try another one."),
    QT_TRANSLATE_NOOP("Core", "blanks"),
    QT_TRANSLATE_NOOP("Core", "comma"),
    QT_TRANSLATE_NOOP("Core", "tab"),
    QT_TRANSLATE_NOOP("Core", "semicolon"),
    QT_TRANSLATE_NOOP("Core", "pipe"),
    QT_TRANSLATE_NOOP("Core", "blank"),
    # what is kept of people
    QT_TRANSLATE_NOOP(
        "Core",
        "An older recdesk kept the people in the order of the file: who has the list of ids can tell who is behind "
        "which pseudonym. Update the dataset, or import the file again, and remove the older one.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The people of {where} stand in the order of the file, as an older recdesk kept them: who has the list of ids "
        "can tell who is who.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{count} of these people are kept under their own ids in {where}: who compares their histories can tell who "
        "is who.",
    ),
    QT_TRANSLATE_NOOP("Core", "an older version of “{name}”"),
    QT_TRANSLATE_NOOP("Core", "the trash"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{count} people who are no longer in the data stay in the trash until it is emptied (Settings, or “recdesk "
        "trash --empty”).",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{count} people who are no longer in the data stay in the older version, which these runs were trained "
        "on: {runs}. To be rid of them delete the older versions (Settings, or “recdesk kept --remove versions”).",
    ),
    QT_TRANSLATE_NOOP("Core", "Deleting {title}"),
    *ERRORS,
    *FAILURES,
)


_PLACE = re.compile(r"{\w+}")
_UNQUOTED = re.compile(r"(?<!“){(\w+)}")
_SAID = frozenset({"encoder", "reason", "sentence", "softmax", "where"})
"""Places for what the core says, itself made from a template."""
_WORDS = frozenset(
    {"baseline", "form", "other", "packing", "role", "separator", "so", "split", "state", "unknown", "what", "why"}
)
"""Places for one of the core's own words, into which no value is put."""
_TRAINED_HERE = {"encoder_name": "trained here"}
"""A place for a name, and the one word that may stand there instead."""


def core(sentence: str) -> str:
    """A sentence of the core in the person's language; one that no template fits stays as it is.

    Of the values in it only those are translated whose place holds words of the core, where it stands without quotation
    marks: everything else is data, and stays as it is however it reads.
    """
    for pattern, template, own in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            parts = {name: _inner(name, value) if name in own else value for name, value in found.groupdict().items()}
            return QCoreApplication.translate("Core", template).format(**parts)
    return sentence


def _inner(place: str, value: str) -> str:
    if place in _SAID:
        return core(value)
    a_word = value in _fixed() if place in _WORDS else value == _TRAINED_HERE[place]
    return QCoreApplication.translate("Core", value) if a_word else value


@cache
def _fixed() -> frozenset[str]:
    """Templates into which nothing is put."""
    return frozenset(template for template in map(str, TEMPLATES) if not _PLACE.search(template))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    """What a sentence matches, its template, and the places that hold words of the core."""
    places = _SAID | _WORDS | _TRAINED_HERE.keys()
    made = []
    for template in map(str, TEMPLATES):
        escaped = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>.+)", escaped), re.DOTALL)
        made.append((pattern, template, places.intersection(_UNQUOTED.findall(template))))
    return sorted(made, key=lambda entry: -len(_PLACE.sub("", entry[1])))  # what says most first
