"""A report in a real browser, without a screen: what it loads, shows and prints."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from recdesk.experiment.report.write import write_report
from tests.experiment.report.test_forms import EVIL, REPORT, Reader
from tests.needs import program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """The report of all kinds of blocks."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(REPORT, path, language="zh-CN")
    return path


def chromium(page: Path, folder: Path, *options: str) -> str:
    """Open a page and return what the browser prints."""
    settings = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command = [program("chromium"), *settings, *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def requests(page: Path, folder: Path) -> list[str]:
    """Addresses that a page asks a network for, from the browser's log; without those of the browser itself, which
    come from no origin."""
    log = folder / "network.json"
    chromium(page, folder, f"--log-net-log={log}", "--dump-dom")
    recorded = json.loads(log.read_text(encoding="utf-8"))
    start = recorded["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked = [
        event["params"] for event in recorded["events"] if event["type"] == start and "url" in event.get("params", {})
    ]
    return [request["url"] for request in asked if request.get("initiator") != "not an origin"]


def test_the_report_asks_no_network_for_anything(page: Path, tmp_path: Path):
    other = tmp_path / "other.html"
    other.write_text('<img src="http://127.0.0.1:9/picture.png">', encoding="utf-8")
    assert requests(other, tmp_path) == ["http://127.0.0.1:9/picture.png"]
    assert requests(page, tmp_path) == []


def test_no_text_from_data_became_markup_or_was_run(page: Path, tmp_path: Path):
    shown = Reader(chromium(page, tmp_path, "--dump-dom"))
    assert "script" not in {tag for tag, _ in shown.tags}
    assert "".join(shown.text).count(EVIL) >= 10


def test_the_report_is_printed_as_pages(page: Path, tmp_path: Path):
    chromium(page, tmp_path, f"--print-to-pdf={tmp_path / 'report.pdf'}", "--no-pdf-header-footer")
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", content)) >= 1
