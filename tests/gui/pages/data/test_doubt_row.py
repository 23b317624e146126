"""Where the columns can be read in two ways, the page asks."""

import random
from pathlib import Path

from tests.gui.pages.data.driver import RATINGS, DataPageDriver, write


def unclear(folder: Path) -> Path:
    """Three columns of ids without names: the rows of the second stand together, but it does not come first."""
    r = random.Random(5)
    path = folder / "log.csv"
    path.write_text("".join(f"{r.randrange(30)},{n // 5 + 700},{n % 9 + 100}\n" for n in range(100)), encoding="utf-8")
    return path


def test_a_doubtful_choice_is_marked_and_asked(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(unclear(tmp_path))
    preview = driver.view.preview
    assert preview.doubt.isVisible()
    assert preview.doubt.question.text() == "Not sure which column is which (User / Item). Choose:"
    taken = {role: column for role, column in driver.roles().items() if role in ("user", "item")}
    assert preview.doubt.answers[0].text() == f"User: {taken['user']}, Item: {taken['item']}"
    assert preview.roles.hint("interactions", taken["user"]) == "not sure"
    driver.click(preview.doubt.answers[1])
    driver.settle()
    other = {role: column for role, column in driver.roles().items() if role in ("user", "item")}
    assert other != taken and not preview.doubt.isVisible()
    driver.take()
    assert driver.session.dataset is not None
    assert driver.session.dataset.n_users == len(
        {row.split(",")[int(other["user"][-1]) - 1] for row in lines(tmp_path)}
    )


def lines(folder: Path) -> list[str]:
    return (folder / "log.csv").read_text(encoding="utf-8").split()


def test_plain_names_are_not_asked_about(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    assert not driver.view.preview.doubt.isVisible()
    assert driver.view.preview.roles.hint("interactions", "user") == "90 %"
