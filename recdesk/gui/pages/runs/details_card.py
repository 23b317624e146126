"""How a run was set up and measured."""

from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from recdesk.gui import theme, words
from recdesk.gui.core_words import core
from recdesk.gui.widgets.card import Card
from recdesk.training.config import KINDS, RunConfig, make_config
from recdesk.workspace.snapshot import RunSnapshot


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
        self.view.setMinimumHeight(80)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.body.addWidget(self.view, 1)

    def show_run(self, run: RunSnapshot, damaged_lines: int = 0) -> None:
        """Show a run, of whose log so many lines are left out."""
        lines = [self._about(run), self._settings(run.config), *self._protocol(run), *self._warnings(run)]
        if damaged_lines:
            lines.append(self.tr("%n line(s) of its log are damaged and left out of the curves.", "", damaged_lines))
        self.view.setPlainText("\n".join(line for line in lines if line))

    def _about(self, run: RunSnapshot) -> str:
        return f"{run.id} · {words.state(run.state)}" + (f" · {core(run.reason)}" if run.reason else "")

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

    def _protocol(self, run: RunSnapshot) -> list[str]:
        protocol, leaks = run.protocol, run.notes.get("leakage", {})
        if not protocol:
            return [self.tr("Measured by: {split}").format(split=words.split(run.split))]
        first = self.tr("Measured by: {split}; whole catalogue ranked, seen items removed, ties in {ties}.").format(
            split=words.split(protocol["split"]), ties=core(protocol["ties"])
        )
        named = self.tr("Protocol {hash}.").format(hash=protocol["hash"])
        return [words.together(first, named), *self._leaks(leaks)]

    def _leaks(self, leaks: dict[str, Any]) -> list[str]:
        if not leaks:
            return []
        lines = [
            self.tr("{n} people measured; {m} have too few interactions.").format(
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

    def _warnings(self, run: RunSnapshot) -> list[str]:
        said = [*run.notes.get("warnings", []), *map(str, run.problems)]
        return [self.tr("Note: {sentence}").format(sentence=core(sentence)) for sentence in said]
