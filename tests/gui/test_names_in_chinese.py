"""What a person calls their files, data and people is shown as it stands in a Chinese window, however it reads."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from recdesk.core.messages import Message
from recdesk.gui import resources, words
from recdesk.gui.main_window import MainWindow
from recdesk.gui.messages import translated
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.training.config import KINDS
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.trained import add_dataset, leave, train

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DATASET, FEATURE, VALUE, ITEM = "Reading list", "before sunrise", "untrained", "Loading “x”."
PERSON, FILE = "trained here", "before sunrise.csv"


@pytest.fixture
def chinese(qapp) -> Iterator[None]:
    before, translator = QLocale(), QTranslator()
    assert translator.load(QLocale("zh_CN"), "recdesk", "_", str(resources.path("translations")))
    QLocale.setDefault(QLocale("zh_CN"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


@pytest.fixture
def window(chinese, tmp_path: Path, preferences: Preferences, qtbot) -> Iterator[MainWindow]:
    workspace = Workspace(tmp_path / "workspace")
    plain = chain_dataset()
    titles = [ITEM, *(f"{ITEM} {n}" for n in range(2, plain.n_items + 1))]
    dataset = replace(
        plain,
        name=DATASET,
        user_ids=pd.Index([PERSON, *(f"{PERSON} {n}" for n in range(2, plain.n_users + 1))], dtype="str"),
        item_features=pd.DataFrame({"title": titles, FEATURE: VALUE}, dtype="str"),
    )
    train(workspace, add_dataset(workspace, dataset), epochs=1)
    session = Session(workspace, preferences)
    session.choose_dataset(DATASET)
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=leave)
    made.resize(1280, 800)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    leave(made)
    session.deleteLater()


@pytest.mark.slow
def test_names_are_shown_as_they_stand(window: MainWindow, tmp_path: Path, qtbot):
    jobs = window.session.jobs

    def show(page: str):
        window.show_page(page)
        qtbot.waitUntil(lambda: not jobs._jobs, timeout=60_000)
        return window.pages[page]

    data = show("data")
    assert data.head.facts() == f"已选择“{DATASET}”用于训练和推荐。"
    assert cells(data.datasets.table)[0][0] == DATASET
    assert DATASET in labels(data.summary)
    assert show("train").head.facts().startswith(f"{DATASET} · ")
    runs = show("runs")
    assert DATASET in cells(runs.table)[0]
    assert DATASET in [runs.filter.itemText(at) for at in range(runs.filter.count())]
    recommend = show("recommend")
    assert recommend.run_box.itemText(0).endswith(f" · {DATASET}")
    assert cells(recommend.users.table)[0][0] == PERSON
    assert {row[0].startswith(ITEM) for row in cells(recommend.history_card.table)} == {True}
    assert {(row[1].startswith(ITEM), row[2]) for row in cells(recommend.top.table)} == {(True, VALUE)}

    path = tmp_path / FILE
    path.write_text(f"user,item,{FEATURE}\n" + "".join(f"{PERSON},{i},{VALUE}\n" for i in range(9)), encoding="utf-8")
    show("data").open_files([path])
    qtbot.waitUntil(lambda: not jobs._jobs, timeout=60_000)
    header = data.importing.preview.header.model()
    assert [header.headerData(at, data.importing.preview.header.orientation()) for at in range(3)][2] == FEATURE
    assert cells(data.importing.preview.table)[0] == [PERSON, "0", VALUE]


@pytest.mark.usefixtures("chinese")
def test_progress_over_a_file_names_it_as_it_is_called():
    assert translated(Message("word.cleaning")) != "Cleaning"
    for name in (FILE, "untrained", "comma.csv", "list.csv"):
        said = translated(Message("import.reading-file", name=name))
        assert said.endswith(name) and "Reading" not in said


@pytest.mark.usefixtures("chinese")
def test_a_setting_that_a_person_wrote_is_shown_as_they_wrote_it():
    fields = KINDS["text-bert"].model_fields
    assert words.setting(fields["template"], "off") == "off"
    assert words.setting(fields["encoder"], "whole") == "whole"
    assert words.setting(fields["encoder"], "scratch") == words.choice("scratch") != "scratch"
    assert words.setting(fields["fine_tune"], "off") == words.choice("off") != "off"


@pytest.mark.usefixtures("chinese")
def test_an_encoder_of_a_persons_own_keeps_its_name():
    assert words.encoder("trained here") != "trained here"
    for name in ("untrained", "before sunrise", "whole", "scratch"):
        assert words.encoder(name) == name
