"""How many seeds a run is repeated with, beside the button that starts it."""

from recdesk.gui import theme
from recdesk.gui.widgets.inputs import WholeBox
from recdesk.workspace.run_groups import MOST


class RepeatBox(WholeBox):
    """A number of seeds; one is a single run."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(1, MOST)
        self.setSpecialValueText(self.tr("1 seed"))
        self.setSuffix(self.tr(" seeds"))
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.setMinimumWidth(96)
        self.setAccessibleName(self.tr("Number of seeds"))
        self.setToolTip(self.tr("Train with so many seeds: one result, with an interval that says how much is luck"))
