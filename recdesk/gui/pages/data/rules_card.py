"""What the import leaves out."""

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QHBoxLayout

from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel, narrow
from recdesk.gui.widgets.number_box import WholeBox


class RulesCard(Card):
    """Minimum rating, k-core, duplicates. All off unless asked for; each says what it does."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Leave out"))
        self._draft = draft
        self.low = QCheckBox(self.tr("Ratings below"))
        self.rating = QDoubleSpinBox(minimum=-1e6, maximum=1e6, singleStep=0.5, decimals=1, value=3.5)
        self.core = WholeBox(minimum=0, maximum=1000)
        self.core.setSpecialValueText(self.tr("nobody"))
        self.duplicates = ChoiceBox()
        self._build()
        self.low.toggled.connect(self._apply)
        self.rating.valueChanged.connect(self._apply)
        self.core.valueChanged.connect(self._apply)
        self.duplicates.activated.connect(self._apply)
        draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Ratings can only be looked at when there are some."""
        has_ratings = bool(self._draft.plan and self._draft.role_column("rating"))
        self.low.setEnabled(has_ratings)
        self.rating.setEnabled(has_ratings and self.low.isChecked())

    def reset(self) -> None:
        """Leave nothing out but exact repeats."""
        self.low.setChecked(False)
        self.core.setValue(0)
        self.duplicates.setCurrentIndex(0)

    def _build(self) -> None:
        self.low.setAccessibleName(self.tr("Leave out low ratings"))
        self.low.setToolTip(self.tr("Drop ratings that say somebody did not like it."))
        self.rating.setAccessibleName(self.tr("Lowest rating that stays"))
        self.core.setAccessibleName(self.tr("Fewest interactions of a user and of an item"))
        self.core.setToolTip(
            self.tr(
                "Drop users and items with fewer interactions than this, until every one left has as many (k-core)."
            )
        )
        self.core.setSuffix(self.tr(" interactions"))
        self.duplicates.setAccessibleName(self.tr("Repeats of the same user and item"))
        self.duplicates.setToolTip(self.tr("What to do when a user took the same item more than once."))
        for title, value in (
            (self.tr("drop exact"), "exact"),
            (self.tr("keep first"), "first"),
            (self.tr("keep last"), "last"),
            (self.tr("keep all"), "all"),
        ):
            self.duplicates.addItem(title, value)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        for control in (self.rating, self.core, self.duplicates):
            narrow(control)
        ratings = QHBoxLayout()
        ratings.addWidget(self.low)
        ratings.addWidget(self.rating, 1)
        form.addRow(ratings)
        form.addRow(FormLabel(self.tr("Fewer than"), self.core), self.core)
        form.addRow(FormLabel(self.tr("Repeats"), self.duplicates), self.duplicates)
        self.body.addLayout(form)
        self.body.addStretch(1)

    def _apply(self) -> None:
        if self._draft.plan is not None:
            self._draft.change(
                min_rating=self.rating.value() if self.low.isChecked() else None,
                k_core=self.core.value(),
                duplicates=self.duplicates.currentData(),
            )
