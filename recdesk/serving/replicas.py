"""The same HTTP application as many replicas under Ray Serve, each a process with the model in it.

`serve run recdesk.serving.replicas:build run=promoted workspace=/shared/ws replicas=4`, see docs/serving.md.
"""

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from recdesk.api import exported_folder
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.serving.batching import MOST_TOGETHER
from recdesk.serving.gate import Gate
from recdesk.serving.limits import Limits
from recdesk.serving.process import Threads, prepare_process
from recdesk.serving.served import Exchange, FolderSource, RunSource, Source
from recdesk.serving.server import Address
from recdesk.workspace.folders import default_folder
from recdesk.workspace.workspace import Workspace

TOKEN = "RECDESK_TOKEN"
EVERYWHERE = "0.0.0.0"
"""Ray decides where its proxies listen, so that a token is always needed."""


class Asked(BaseModel):
    """What an operator says of an application.

    Attributes:
        run: as `recdesk serve RUN`.
        workspace: its folder, reached by every node under the same path; "" for the default.
        rules: name of stored rules that hold for every request; "" for none.
        replicas: processes that answer.
        cpus: of each replica.
        token: that clients must give; "" for the one in RECDESK_TOKEN.
    """

    model_config = ConfigDict(extra="forbid")

    run: str = "promoted"
    workspace: str = ""
    rules: str = ""
    replicas: int = Field(1, ge=1, le=1000)
    cpus: float = Field(1.0, gt=0, le=256)
    token: str = Field("", repr=False)


def build(asked: Asked) -> Any:
    """The application for `serve run` and `serve deploy`.

    Raises:
        UsageError: Ray Serve is not installed, the token is missing or short, or what is to be served is not there.
    """
    try:
        from ray import serve
    except ImportError as error:
        raise UsageError(Message("serve.no-replicas"), Message("serve.install-replicas")) from error
    token = asked.token or os.environ.get(TOKEN, "")
    Address(EVERYWHERE, token=token).check()
    _source(asked)  # raises here rather than in each replica

    def gate() -> Gate:
        return _gate(asked, token)

    deployment = serve.deployment(
        serve.ingress(gate)(),
        name="recdesk",
        num_replicas=asked.replicas,
        max_ongoing_requests=2 * MOST_TOGETHER,  # one batch is computed while the next one gathers
        ray_actor_options={"num_cpus": asked.cpus},
    )
    return deployment.bind()


def _gate(asked: Asked, token: str) -> Gate:
    """The application of one replica."""
    from recdesk.serving.application import Answering, application
    from recdesk.serving.statistics import Counting

    limits, counting = Limits(), Counting()
    exchange = Exchange(_source(asked))
    prepare_process()
    answering = Answering(exchange, counting, limits, Threads(max(int(asked.cpus), 1)))
    return Gate(application(answering), limits, counting, token)


def _source(asked: Asked) -> Source:
    folder = exported_folder(asked.run)
    if folder is None:
        workspace = Workspace(Path(asked.workspace) if asked.workspace else default_folder())
        return RunSource(workspace, asked.run, asked.rules)
    source = FolderSource(folder)
    if asked.rules:
        source.named(asked.rules)  # raises
    return source
