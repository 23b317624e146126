"""The settings of the next run."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from recdesk.data.split_kinds import SplitKind
from recdesk.gui import words
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.train.preset_choice import PresetChoice
from recdesk.gui.pages.train.text_choices import EncoderChoice, StartChoice
from recdesk.gui.pages.train.where_box import WhereBox
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.config_form import LABEL_WIDTH, RESET_WIDTH, ConfigForm
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, narrow
from recdesk.training.config import DEFAULT_PRESET, KINDS, RunConfig, TextSourceConfig, make_config

_SPLITS: tuple[SplitKind, ...] = ("leave-one-out", "time", "validation-only", "new-items")


class SettingsCard(Card):
    """Preset, split, and a form with every setting.

    Signals:
        changed: a setting changed.
        texts_requested: show the item texts as the encoder reads them.
    """

    changed = Signal()
    texts_requested = Signal()

    def __init__(self, kind: str, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Settings"))
        self._kind = kind
        self.texts: LinkButton | None = None
        self.differ = Chip("", tone="warning")
        self.differ.clicked.connect(self.restore)
        self.head.addWidget(self.differ)
        self.presets = PresetChoice(session, kind, self)
        self.preset = self.presets.box
        self.split = ChoiceBox()
        self.split.setToolTip(
            self.tr(
                "What is kept from training to see how good the model is: each person's last items (comparable with "
                "papers), the newest tenth of all events (closest to practice), nothing (to recommend only), or a "
                "tenth of the items (how well items are found that nobody has taken yet)."
            )
        )
        self._fill_splits(with_times=True)
        self.where = WhereBox(session)
        top = QGridLayout()
        top.setHorizontalSpacing(6)
        top.setVerticalSpacing(6)
        top.setColumnStretch(1, 1)
        top.setColumnMinimumWidth(0, LABEL_WIDTH)
        top.setColumnMinimumWidth(2, RESET_WIDTH + 6)  # as in the form below, with its spacing
        rows = (
            (self.tr("Preset"), self.preset),
            (self.tr("Measure by"), self.split),
            (self.tr("Train on"), self.where),
        )
        for row, (title, box) in enumerate(rows):
            top.addWidget(FormLabel(title, box), row, 0)
            top.addWidget(narrow(box), row, 1)
        self.body.addLayout(top)
        self.encoders, self.starts = EncoderChoice(session, self), StartChoice(session, self)
        self.form = _form(make_config(kind, DEFAULT_PRESET))
        self.form.changed.connect(self._form_changed)
        self.body.addWidget(self.form)
        self._serve_texts()
        self.presets.chosen.connect(self.restore)
        self.presets.arrived.connect(lambda: self.form.set_default(self.presets.config()))
        self.split.currentIndexChanged.connect(self.changed)
        self._form_changed()

    def set_kind(self, kind: str) -> None:
        """Show settings for another kind of model; fields that both have keep their changed values."""
        if kind == self._kind:
            return
        kept, usual = self.form.values(), self.presets.config()
        self._kind = kind
        self.presets.set_kind(kind)
        default = self.presets.config()
        old, self.form = self.form, _form(default)
        self.form.more.setChecked(old.more.isChecked())
        self.body.replaceWidget(old, self.form)
        old.deleteLater()
        fields = set(self.form.fields())
        own = {n: v for n, v in kept.items() if n in fields and v != getattr(usual, n, v)}
        self.form.set_config(default.model_copy(update=own))
        self.form.changed.connect(self._form_changed)
        self._serve_texts()
        self._form_changed()

    def refresh(self) -> None:
        """Offer what there is to choose from now: encoders, runs to start from, presets, the cluster."""
        for part in (self.encoders, self.starts, self.presets, self.where):
            part.refresh()

    @property
    def reads_texts(self) -> bool:
        """Whether the kind of model reads the items' texts."""
        return issubclass(KINDS[self._kind], TextSourceConfig)

    def set_with_times(self, with_times: bool) -> None:
        """Offer the split by time only for data with times."""
        self._fill_splits(with_times)

    def config(self) -> RunConfig:
        """The settings."""
        return self.form.config()

    def show_config(self, config: RunConfig, split: SplitKind) -> None:
        """Take over the settings of a run."""
        self.set_kind(str(config.model_dump()["kind"]))
        self.form.set_config(config)
        index = self.split.findData(split)
        if index >= 0:
            self.split.setCurrentIndex(index)

    def use_texts(self, template: str, text_tokens: int) -> None:
        """Set the template of item texts and the most tokens per text."""
        if self.reads_texts:
            for name, value in {"template": template, "text_tokens": text_tokens}.items():
                self.form.editor(name).setValue(value)  # type: ignore[attr-defined]

    def split_kind(self) -> SplitKind:
        """The chosen split."""
        kind: SplitKind = self.split.currentData()
        return kind

    def show_preset(self, name: str) -> None:
        """Show which preset was chosen, and what differs from it; the settings stay."""
        self.presets.show(name)
        self.form.set_default(self.presets.config())

    def restore(self) -> None:
        """Set all fields to the preset, and the split to that of a preset that a search found."""
        default, found = self.presets.config(), self.presets.found()
        self.form.set_default(default)
        self.form.set_config(default)
        if found is not None:
            self.split.setCurrentIndex(max(self.split.findData(found.split), 0))

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {
            "kind": self._kind,
            "presets": self.presets.kept(),
            "values": self.form.values(),
            "more": self.form.more.isChecked(),
            "split": self.split.currentData(),
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.set_kind(kept["kind"])
        self.presets.take(kept["presets"])
        self.form.set_default(self.presets.config())
        self.form.set_values(kept["values"])
        self.form.more.setChecked(kept["more"])
        self.split.setCurrentIndex(max(self.split.findData(kept["split"]), 0))

    def _serve_texts(self) -> None:
        """Attach the helpers of fields that only models over texts have."""
        self.texts = None
        self.encoders.attach(self.form if self.reads_texts else None)
        self.starts.attach(self.form if self.reads_texts else None)
        if self.reads_texts:
            self.texts = LinkButton(self.tr("See what the encoder reads…"))
            self.texts.setCheckable(False)
            self.texts.setToolTip(self.tr("The items' texts, how long they are and how many are cut"))
            self.texts.clicked.connect(self.texts_requested)
            self.form.put_below("template", self.texts)

    def _fill_splits(self, with_times: bool) -> None:
        names = {
            "leave-one-out": self.tr("last items"),
            "time": self.tr("newest tenth"),
            "validation-only": self.tr("nothing"),
            "new-items": self.tr("new items"),
        }
        chosen = self.split.currentData() or "leave-one-out"
        self.split.blockSignals(True)
        self.split.clear()
        for kind in _SPLITS:
            if with_times or kind != "time":
                self.split.addItem(names[kind], kind)
        self.split.setCurrentIndex(max(self.split.findData(chosen), 0))
        self.split.blockSignals(False)

    def _form_changed(self) -> None:
        differing = self.form.differing()
        self.differ.setVisible(bool(differing))
        self.differ.setText(self.tr("%n differ from preset", "", len(differing)))
        self.differ.setToolTip(self.tr("Back to the preset: {names}").format(names=words.listed(differing)))
        self.changed.emit()


def _form(config: RunConfig) -> ConfigForm:
    return ConfigForm(config, words.config_words)
