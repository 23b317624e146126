"""The Settings page."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from recdesk.gui import theme
from recdesk.gui.pages.base import Page
from recdesk.gui.pages.settings.cards import AboutCard, AppearanceCard, WorkspaceCard
from recdesk.gui.pages.settings.cluster_dialog import ClusterDialog
from recdesk.gui.pages.settings.inventory_card import InventoryCard
from recdesk.gui.pages.settings.shortcuts_card import ShortcutsCard
from recdesk.gui.session import Session


class SettingsPage(Page):
    """Workspace, appearance, shortcuts, stored data and versions; a dialog for the cluster."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "settings", "")
        self.head.set_title(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self.head.set_facts(self.tr("Everything stays on this computer, but for runs that are sent to a cluster."))
        self.shortcuts, self.inventory = ShortcutsCard(session), InventoryCard(session)
        self.cluster = ClusterDialog(session, self)
        self.cluster_button = self.head.add_button(self.tr("Cluster…"), self.cluster.open)
        columns = QHBoxLayout()
        columns.setSpacing(theme.GAP)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        for card in (WorkspaceCard(session), AppearanceCard(session)):
            left.addWidget(card)
        left.addWidget(self.shortcuts, 1)
        columns.addLayout(left, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        right.addWidget(self.inventory)
        right.addWidget(AboutCard(session))
        right.addStretch(1)
        columns.addLayout(right, 1)
        self.body.addLayout(columns)

    def entered(self) -> None:
        """Show the shortcuts, and what is kept, as they are now."""
        self.shortcuts.refresh()
        self.inventory.refresh()
