"""The choice where a run is trained: on this computer, or on the cluster of the settings."""

from recdesk.gui import words
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.workspace.run_cluster import ClusterRecord

HERE, THERE, SET = "here", "there", "set"


class WhereBox(ChoiceBox):
    """This computer or the cluster; the choice is remembered. Without a cluster, it leads to where one is set."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(self.tr("Train on"))
        self.activated.connect(self._chosen)
        self.refresh()

    def cluster(self) -> ClusterRecord | None:
        """The cluster, if it is chosen; None for this computer."""
        return self._session.preferences.cluster if self.currentData() == THERE else None

    def refresh(self) -> None:
        """Offer the cluster that the settings name now."""
        preferences = self._session.preferences
        cluster = preferences.cluster
        self.clear()
        self.addItem(self.tr("this computer"), HERE)
        if cluster is None:
            self.addItem(self.tr("a cluster…"), SET)
        else:
            self.addItem(self.tr("the cluster"), THERE)
        there = cluster is not None and preferences.trains_on_cluster
        self.setCurrentIndex(1 if there else 0)
        what = self.tr("Where a run is trained. On a cluster it goes on when this window closes.")
        named = self.tr("The cluster is {host}; see Settings.").format(host=cluster.host) if cluster else ""
        self.setToolTip(words.together(what, named))

    def _chosen(self) -> None:
        if self.currentData() == SET:
            self.setCurrentIndex(0)
            self._session.go("settings")
            return
        self._session.preferences.trains_on_cluster = self.currentData() == THERE
