"""Cards of the chosen run: figures, steps of the text method, settings and protocol."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QSizePolicy

from recdesk.core.messages import Message, word
from recdesk.evaluation.measured import family_sentence
from recdesk.evaluation.metrics import in_people
from recdesk.evaluation.sentences import comparison_sentence, verdict
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.runs_table import seed_title
from recdesk.gui.pages.runs.selection import Selected
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text
from recdesk.monitor.five_steps import SKIPPING, MethodStep
from recdesk.training.config import KINDS, RunConfig, make_config
from recdesk.workspace.runs import ACTIVE, Run

_ROW = 26
_WIDTHS = {"ndcg@10": 80, "recall@10": 82, "mrr@10": 72, "accuracy@1": 64, "coverage@10": 74}


class FiguresCard(Card):
    """A sentence, then a small table: this run, then each baseline on the same split."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("How good it is"))
        self.steps = Chip(self.tr("steps ›"))
        self.steps.setToolTip(self.tr("What each step over texts took and brought"))
        self.steps.hide()
        self.head.addWidget(self.steps)
        self.sentence = Text("", "body", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._area = _Scrolling(self.sentence)
        self.body.addWidget(self._area)
        self.table = ArrayTable(self.tr("Figures of this run and of the baselines"), sortable=False)
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.setMinimumHeight(self.table.height_of_rows(3))
        self.body.addWidget(self.table, 1)

    def show_runs(self, entries: Sequence[Selected]) -> None:
        """Show the figures of one run or group of seeds beside those of the baselines, or of several."""
        self.set_title(self.tr("How good it is") if len(entries) == 1 else self.tr("How good they are"))
        first = entries[0]
        part = first.part
        if len(entries) > 1:
            self.sentence.setText(self._comparing(entries))
        elif first.group is not None:
            self.sentence.setText(self._of_seeds(first))
        else:
            self.sentence.setText(self._sentence(first.run, part, first.figures(part)))
        self._area.updateGeometry()
        rows = self._rows(entries, part)
        head = self.tr("On test items") if part == "test" else self.tr("On validation items")
        columns = [Column(head, [name for name, _ in rows])]
        shown = {
            "ndcg@10": "NDCG@10",
            "recall@10": "Recall@10",
            "mrr@10": "MRR@10",
            "accuracy@1": "Acc@1",
            "coverage@10": self.tr("Coverage"),
        }
        if len(entries) > 1:  # whose names need the room
            shown = {key: title for key, title in shown.items() if key not in ("mrr@10", "coverage@10")}
        for key, title in shown.items():
            values = [figures.get(key, -1.0) for _, figures in rows]
            columns.append(Column(title, values, lambda v: "–" if v < 0 else f"{v:.4f}", numeric=True))
        self.table.set_columns(columns, (0, *(_WIDTHS[key] for key in shown)))
        self.table.setVisible(any(figures for _, figures in rows))

    def _rows(self, entries: Sequence[Selected], part: str) -> list[tuple[str, dict[str, float]]]:
        """Names and figures: of the runs, those of a group one by one, then of the baselines where these are the same
        for all."""
        first, runs = entries[0], [entry.run for entry in entries]
        if len(entries) == 1:
            named = [(first.run.kind if first.group is None else self._mean(first), first.figures(part))]
            group = first.group.runs if first.group is not None else ()
            ended = [run for run in group if run.state not in ACTIVE]
            named += [(f"    {seed_title(run)}", run.metrics.get(part, {})) for run in ended]
        else:
            named = [(entry.title, entry.figures(part)) for entry in entries]
        if not _alike(runs):
            return named
        beside = next((run.baselines for run in runs if run.baselines), {})
        return named + [(translated(word(name)), values.get(part, {})) for name, values in beside.items()]

    def _mean(self, entry: Selected) -> str:
        return self.tr("mean of {n}").format(n=len(entry.group.finished) if entry.group is not None else 0)

    def _of_seeds(self, entry: Selected) -> str:
        """The result of a group in words."""
        if entry.found is None:
            return self.tr("None of its runs has finished: there are no figures yet.")
        against = [each for each in entry.found.against if each.sentence]
        hardest = min(against, key=lambda each: each.figure.value, default=None)
        few = [each.sentence for each in against if each is not hardest and each.name != "most popular"]
        return words.together(*(translated(said) for said in entry.found.sentences if said not in few))

    def _comparing(self, entries: Sequence[Selected]) -> str:
        """What can be said of several runs: which is ahead, and that this may be chance; or why nothing can be said."""
        if not _alike([entry.run for entry in entries]):
            return self.tr("These runs were measured on other data or in other ways: their figures cannot be compared.")
        part = entries[0].part
        measured = ((entry, entry.figures(part).get("ndcg@10")) for entry in entries)
        ranked = sorted(((e, ndcg) for e, ndcg in measured if ndcg is not None), key=lambda pair: -pair[1])
        without = len(entries) - len(ranked)
        missing = self.tr("Without figures so far: {n}.").format(n=without) if without else ""
        if len(ranked) < 2:
            return missing
        (best, highest), (other, second) = ranked[:2]
        ahead = self.tr(
            "{run} is ahead: NDCG@10 {difference} to {other}. “Side by side” says whether that is more than chance."
        ).format(run=best.title, difference=f"{highest - second:+.3f}", other=other.title)
        return words.together(ahead, missing)

    def _sentence(self, run: Run, part: str, figures: dict[str, float]) -> str:
        if not figures and run.state in ACTIVE:
            return self.tr("It is being trained; its figures come at the end.")
        if not figures:
            return translated(run.reason) or self.tr("There are no figures yet.")
        sentences = [words.found_sentence(figures)]
        popular = run.baselines.get("most popular", {}).get(part)
        if popular:
            n = in_people(popular).ten
            sentences.append(self.tr("With the most popular items alone it would be {n}.").format(n=n))
        counted = run.measured
        sentences += [translated(sentence) for sentence in counted.sentences] if counted else []
        compared = run.comparisons if counted is None or counted.comparable else {}
        hardest = min(compared, key=lambda name: compared[name]["difference"], default="")
        shown = [name for name in compared if name in ("most popular", hardest)]
        if compared:
            sentences.append(self._verdict(hardest, compared))
        sentences += [translated(comparison_sentence(name, compared[name])) for name in shown]
        if run.ceiling is not None:
            sentences.append(
                self.tr(
                    "Accuracy@1 is {reached} on {part} and {train} on training data; who knows the rule gets {ceiling}."
                ).format(
                    reached=f"{figures.get('accuracy@1', 0):.1%}",
                    part=words.part(part),
                    train=f"{run.metrics.get('train', {}).get('accuracy@1', 0):.1%}",
                    ceiling=f"{run.ceiling:.1%}",
                )
            )
        if run.synthetic:
            sentences.append(translated(run.synthetic))
        if compared and all("p holm" in result for result in compared.values()):
            sentences.append(translated(Message("figures.holm-over", count=len(compared))))
        return words.together(*sentences, translated(family_sentence(compared)))

    def _verdict(self, hardest: str, compared: Mapping[str, Mapping[str, float]]) -> str:
        """The comparisons with the baselines in one sentence."""
        worse = [name for name, result in compared.items() if verdict(result) < 0]
        if worse:
            hardest = min(worse, key=lambda name: compared[name]["difference"])
            said = self.tr("It is worse than {name}, a simple recommender: train longer, or take another model.")
        elif all(verdict(result) > 0 for result in compared.values()):
            return self.tr("It is clearly better than every simple recommender beside it.")
        else:
            said = self.tr("It is not clearly better than {name}, the best simple recommender here.")
        return said.format(name=translated(word(hardest)))


class _Scrolling(QScrollArea):
    """A text that scrolls where there is no room for all of it; it takes no more room than it needs."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(32)
        self.setWidget(text)
        text.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """The height of the text at this width."""
        return QSize(100, max(self._text.heightForWidth(max(self.viewport().width(), 100)), 1) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


def _part(run: Run) -> str:
    return "test" if "test" in run.metrics else "validation"


def _alike(runs: Sequence[Run]) -> bool:
    """Whether the figures of runs can be compared: the same protocol and part, as far as they have any."""
    measured = [run for run in runs if run.metrics]
    return len({(str(run.protocol.get("hash", "")), _part(run)) for run in measured}) < 2


class StepsCard(Card):
    """A row for each step: time, and validation metrics before and after it; notes below."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("What each step brought"))
        self.back = Chip(self.tr("‹ figures"))
        self.back.setToolTip(self.tr("How good the run is beside the baselines"))
        self.head.addWidget(self.back)
        self.table = ArrayTable(self.tr("Steps of this run"), sortable=False)
        self.table.setMinimumHeight(120)
        self.body.addWidget(self.table, 1)
        self.notes = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.notes)

    def show_steps(self, steps: Sequence[MethodStep], caveats: Sequence[str] = ()) -> None:
        """Show the steps of a run, and the caveats of its figures."""
        columns = [
            Column(self.tr("Step"), [f"{n} {words.step(step.name)}" for n, step in enumerate(steps, 1)]),
            Column(self.tr("Time"), [self._time(step) for step in steps]),
        ]
        for key, title in (("ndcg@10", "NDCG@10"), ("recall@10", "Recall@10")):
            shown = [_change(step.before.get(key), step.after.get(key)) for step in steps]
            tones = ["good" if _rose(step, key) else "text" for step in steps]
            columns.append(Column(title, shown, tones=tones))
        self.table.set_columns(columns, (0, 84, 132, 132))
        self.notes.setText("\n".join([*self._notes(steps), *map(translated, caveats)]))

    def _time(self, step: MethodStep) -> str:
        if step.state == "skipped":
            return self.tr("skipped")
        return "–" if step.seconds is None else words.short_duration(step.seconds)

    def _notes(self, steps: Sequence[MethodStep]) -> list[str]:
        notes = [self.tr("Figures on validation, before → after.")]
        for number, step in enumerate(steps, 1):
            if step.words is not None:
                before, after = (words.percent(share) for share in step.words)
                said = self.tr("Step {n}: {before} → {after} of hidden words guessed right.")
                guessed = said.format(n=number, before=before, after=after)
                alone = self.tr("Its figures are those of the most similar texts, nothing learned of what people do.")
                notes.append(words.together(guessed, alone if step.after else ""))
            if step.state == "skipped":
                notes.append(self.tr("Step {n}: {cost}").format(n=number, cost=translated(SKIPPING[step.name])))
        return notes


def _change(before: float | None, after: float | None) -> str:
    """Such as "0.0194 → 0.0628"; one value alone; a dash for none."""
    known = [f"{value:.4f}" for value in (before, after) if value is not None]
    return " → ".join(known) or "–"


def _rose(step: MethodStep, key: str) -> bool:
    return key in step.before and key in step.after and step.after[key] > step.before[key]


class DetailsCard(Card):
    """Settings that differ from the preset, protocol, leakage report and warnings, as text to read and copy."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("How it was made and measured"))
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.view.setFont(theme.font("small", tabular=True))
        self.view.setAccessibleName(self.tr("How it was made and measured"))
        self.view.setMinimumHeight(52)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.body.addWidget(self.view, 1)

    def show_runs(self, runs: Sequence[Run], damaged_lines: Mapping[str, int]) -> None:
        """Show runs one below the other; `damaged_lines`, by run id, of their event logs could not be read."""
        self.view.setPlainText("\n\n".join(self._text(run, damaged_lines.get(run.id, 0)) for run in runs))

    def _text(self, run: Run, damaged_lines: int) -> str:
        lines = [self._about(run), self._settings(run.config), *self._protocol(run), *self._warnings(run)]
        if damaged_lines:
            lines.append(self.tr("%n line(s) of its log are damaged and left out of the curves.", "", damaged_lines))
        return "\n".join(line for line in lines if line)

    def _about(self, run: Run) -> str:
        return f"{run.id} · {words.state(run.state)}" + (f" · {translated(run.reason)}" if run.reason else "")

    def _settings(self, config: RunConfig | None) -> str:
        if config is None:
            return ""
        kind = str(config.model_dump()["kind"])
        usual, fields = make_config(kind), KINDS[kind].model_fields
        differing = [
            f"{words.config_words(fields[name].title or name)} {words.setting(fields[name], value)}"
            for name, value in config.model_dump().items()
            if name != "kind" and value != getattr(usual, name)
        ]
        return self.tr("Settings: {settings}").format(settings=words.listed(differing) or self.tr("as usual"))

    def _protocol(self, run: Run) -> list[str]:
        protocol, leaks = run.protocol, run.notes.get("leakage", {})
        if not protocol:
            return [self.tr("Measured by: {split}").format(split=words.split(run.split))]
        first = self.tr("Measured by: {split}; whole catalogue ranked, seen items removed, ties in {ties}.").format(
            split=words.split(protocol["split"]), ties=translated(word(protocol["ties"]))
        )
        named = self.tr("Protocol {hash}.").format(hash=protocol["hash"])
        known = [translated(Message("figures.note-moment"))] if protocol.get("moment") == "known" else []
        return [words.together(first, named), *known, *self._leaks(leaks)]

    def _leaks(self, leaks: Mapping[str, float]) -> list[str]:
        if not leaks:
            return []
        lines = [
            self.tr("Users measured: {n}; with too few interactions: {m}.").format(
                n=f"{leaks['users_tested']:,}", m=f"{leaks['users_without_target']:,}"
            )
        ]
        if leaks.get("test_before_newest_training") is not None:
            lines.append(
                self.tr(
                    "{share} of the test events are older than the newest training event: with this split the model "
                    "has seen part of the future of others."
                ).format(share=words.percent(leaks["test_before_newest_training"]))
            )
            lines.append(
                self.tr("{share} of neighbouring events share one timestamp; their order is that of the file.").format(
                    share=words.percent(leaks["tied_timestamps"])
                )
            )
        if leaks.get("repeats"):
            lines.append(
                self.tr(
                    "{share} of the test items are repeats, which are never recommended and count as missed."
                ).format(share=words.percent(leaks["repeats"]))
            )
        if leaks.get("unseen_targets"):
            lines.append(
                self.tr("{share} of the test items are taken by nobody in training.").format(
                    share=words.percent(leaks["unseen_targets"])
                )
            )
        return lines

    def _warnings(self, run: Run) -> list[str]:
        said = [*run.notes.get("warnings", []), *map(str, run.problems)]
        return [self.tr("Note: {sentence}").format(sentence=translated(sentence)) for sentence in said]
