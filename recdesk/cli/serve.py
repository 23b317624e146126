"""Commands around a model that answers over HTTP: serve it, and exchange it while it is served."""

import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, handled
from recdesk.cli.printing import printable
from recdesk.serving.server import Address, listening, require_extra, run_server
from recdesk.workspace.promotion import promote, promoted

if TYPE_CHECKING:
    import socket

    from recdesk.serving.served import Served, Source


@app.command()
def serve(
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of it, “last”, or “promoted”: the run that was promoted last, exchanged "
            "when another one is. Or a folder that “recdesk export-model” wrote, served without a workspace."
        ),
    ],
    host: Annotated[str, typer.Option(help="Where to listen; other machines can ask only with a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    token: Annotated[
        str, typer.Option(envvar="RECDESK_TOKEN", show_envvar=True, help="What clients must send to be answered.")
    ] = "",
    rules: Annotated[
        str, typer.Option("--rules", help="Stored rules that hold for every request.", metavar="NAME")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer requests over HTTP with a trained model, until Ctrl+C; the page at the address says what can be asked."""
    with speaking(as_json) as output:
        address = Address(host, port, token)
        address.check()
        require_extra()
        source = _source(run, rules, workspace)
        with listening(address) as listener:
            _serve(source, address, listener, output)


def _source(run: str, rules: str, workspace: Path | None) -> "Source":
    """A folder that was exported, or a run of the workspace."""
    from recdesk.api import exported_folder
    from recdesk.serving.served import FolderSource, RunSource

    folder = exported_folder(run)
    if folder is None:
        return RunSource(open_workspace(workspace), run, rules)
    source = FolderSource(folder)
    if rules:
        source.named(rules)  # raises
    return source


def _serve(source: "Source", address: Address, listener: "socket.socket", output: Output) -> None:
    """Open the model, say where it answers, and answer until a signal ends it."""
    from recdesk.serving.application import Answering, application
    from recdesk.serving.child import left_alone
    from recdesk.serving.gate import Gate
    from recdesk.serving.limits import Limits, limited
    from recdesk.serving.process import prepare_process
    from recdesk.serving.served import Exchange
    from recdesk.serving.statistics import Counting

    _log_to_stderr()
    limits, counting, asked = Limits(), Counting(), []
    url = address.url(listener.getsockname()[1])
    exchange = Exchange(source, lambda served: _say_served(served, url, output))
    answering = Answering(exchange, counting, limits, prepare_process())
    gate = Gate(application(answering), limits, counting, address.token, address.hosts)
    _say_served(exchange.served, url, output)
    output.say("Ctrl+C stops it.")
    before: list[Any] = [None]

    def tick() -> None:
        now = asdict(counting.now())
        if now != before[0]:
            before[0] = now
            output.result({"statistics": now})

    with handled(lambda number, _frame: asked.append(number)):
        run_server(gate, listener, limited(limits), limits, lambda: bool(asked) or left_alone(), tick)
    counts = counting.now()
    output.say(f"Stopped after {counts.requests:,} request(s).")
    output.result({"run": exchange.served.run, "address": url, "requests": counts.requests})


def _say_served(served: "Served", url: str, output: Output) -> None:
    """Which run answers where."""
    dataset = served.model.live.dataset
    output.say(f"Run {served.run} ({served.kind}, “{dataset.name}”, {dataset.n_items:,} items) answers at {url}")
    output.note(served.model.live.note)
    output.result({"address": url, "run": served.run})


def _log_to_stderr() -> None:
    """What goes wrong while serving is said on the standard error."""

    class Said(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            print(printable(self.format(record)), file=sys.stderr, flush=True)

    log = logging.getLogger("recdesk.serving")
    log.handlers, log.propagate = [Said()], False


@app.command("promote")
def promote_command(
    run: Annotated[
        str, typer.Argument(help="A run's id, the beginning of it, or “last”; without it, the promoted one is said.")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a run answer from now on where “recdesk serve promoted” runs; no request is lost in the exchange."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if run:
            found = opened.run(run)
            promote(found)
            output.say(f"Run {found.id} is promoted.")
            output.result({"run": found.id})
            return
        known = promoted(opened.folder)
        output.say(f"Run {known} is promoted.")
        output.result({"run": known})
