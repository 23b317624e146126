"""The HTTP application: routes under /v1/, and one form of errors."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from recdesk import __version__
from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.recommend.by_ids import Asked
from recdesk.recommend.query import Found
from recdesk.recommend.rules import Rules
from recdesk.serving import schema
from recdesk.serving.batching import Batcher, BusyError
from recdesk.serving.limits import Limits, error_body
from recdesk.serving.page import interface_page
from recdesk.serving.process import Threads
from recdesk.serving.served import Exchange, Served
from recdesk.serving.statistics import Counting

NOT_FOUND = ("user.not-found", "serve.item-unknown", "steer.not-found")
"""Keys of sentences on ids and names that are not there."""
THREADS = 2
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schema.ErrorAnswer} for status in (400, 401, 404, 408, 413, 422, 503)
}


class Answering:
    """Answers requests with the model that is served.

    Args:
        exchange: holds the model.
        counting: what was answered.
        limits: of the server.
        threads: that compute, see `Batcher`.
    """

    def __init__(self, exchange: Exchange, counting: Counting, limits: Limits, threads: Threads | None = None) -> None:
        self.exchange, self.counting, self._limits, self._threads = exchange, counting, limits, threads
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="rules")
        self.batcher: Batcher | None = None

    @contextlib.asynccontextmanager
    async def running(self, _application: FastAPI) -> AsyncIterator[None]:
        """Compute batches and look for a newer model as long as the server runs."""
        self.batcher = Batcher(self._limits.waiting, self._threads)
        watching = asyncio.create_task(self.exchange.watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.to_thread(self.batcher.close)
            self._pool.shutdown()

    async def recommend(self, request: schema.RecommendRequest) -> Response:
        """A list for a person, a history or a wish."""
        served, batcher = self.exchange.served, self._batcher()

        def ask(rules: Rules) -> Asked:
            return served.model.asked(
                request.user, request.history, request.wish, request.n, request.exclude_seen, rules,
                request.times, request.as_of,
            )  # fmt: skip

        asked = await self._with_rules(served, request, ask)
        found = await batcher.find(served.model, asked)
        notes = (*asked.notes, *filter(None, [served.model.shortfall(asked, found)]))
        return _list(served, found, notes, asked.unknown, request.features)

    async def similar(self, request: schema.SimilarRequest) -> Response:
        """The nearest items of an item."""
        served = self.exchange.served
        if self._batcher().waiting >= self._limits.waiting:
            raise BusyError

        def near() -> tuple[Found, list[str]]:
            rules = self._rules(served, request)
            return served.model.similar(request.item, request.n, rules)

        found, notes = await self._in_thread(near)
        return _list(served, found, notes, (), request.features)

    async def _with_rules(self, served: Served, request: schema.RulesGiven, ask: Callable[[Rules], Asked]) -> Asked:
        """What is asked for; rules, which may take a while, are read and bound beside the other requests."""
        if request.model_fields_set.isdisjoint(schema.RulesGiven.model_fields):
            return ask(served.always)
        return await self._in_thread(lambda: ask(self._rules(served, request)))

    def _rules(self, served: Served, request: schema.RulesGiven) -> Rules:
        """The rules of a request; those of the server hold in any case."""
        own = request.own
        if own is None:
            return served.always
        stored = self.exchange.source.named(request.rules) if request.rules else Rules()
        return stored.with_rules(own).with_rules(served.always)

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _batcher(self) -> Batcher:
        if self.batcher is None:
            raise BusyError
        return self.batcher

    def facts(self) -> schema.ModelFacts:
        """Of the model that answers."""
        served = self.exchange.served
        live = served.model.live
        figures = served.metrics.get("test") or served.metrics.get("validation") or {}
        return schema.ModelFacts(
            run=served.run,
            kind=served.kind,
            dataset=live.dataset.name,
            items=live.dataset.n_items,
            people=live.dataset.n_users,
            reads_texts=live.reads_texts,
            has_vectors=live.has_vectors,
            metrics={name: figures[name] for name in ("ndcg@10", "recall@10") if name in figures},
            note=live.note,
            problem=self.exchange.problem,
        )

    def statistics(self) -> schema.StatisticsAnswer:
        """Of the server."""
        return schema.StatisticsAnswer(waiting=self._batcher().waiting, **asdict(self.counting.now()))


def application(answering: Answering) -> FastAPI:
    """The routes."""
    app = FastAPI(
        title="recdesk",
        version=__version__,
        summary="Recommendations of a trained model.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=answering.running,
    )
    listed: dict[int | str, dict[str, Any]] = {200: {"model": schema.ListAnswer}, **ERRORS}
    app.post("/v1/recommend", responses=listed, response_model=None, summary="Recommend items")(answering.recommend)
    app.post("/v1/similar", responses=listed, response_model=None, summary="Items like an item")(answering.similar)

    @app.get("/v1/model", responses=ERRORS, summary="The model that answers")
    async def model() -> schema.ModelFacts:
        return answering.facts()

    @app.get("/v1/statistics", responses=ERRORS, summary="Requests a second and latencies")
    async def statistics() -> schema.StatisticsAnswer:
        return answering.statistics()

    @app.get("/v1/health", summary="The server is there")
    async def health() -> schema.Health:
        return schema.Health(status="ok")

    @app.get("/v1/ready", responses={503: {"model": schema.ErrorAnswer}}, summary="A model answers")
    async def ready() -> schema.Health:
        answering._batcher()
        return schema.Health(status="ready")

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> Response:
        address = request.headers.get("host", "ADDRESS")
        return Response(interface_page(app.openapi(), address), media_type="text/html")

    _say_errors(app)
    return app


def _list(served: Served, found: Found, notes: Any, unknown: Any, features: bool) -> Response:
    """The answer, made from arrays."""
    model = served.model
    pairs = enumerate(zip(found.codes.tolist(), found.scores.tolist(), strict=True), 1)
    items: list[dict[str, Any]] = [
        {"rank": rank, "item_id": model.ids[code - 1], "title": model.titles[code - 1], "score": score}
        for rank, (code, score) in pairs
    ]
    if features:
        for item, own in zip(items, model.features(found), strict=True):
            item["features"] = own
    body = {"run": served.run, "items": items, "notes": list(notes), "unknown": list(unknown)}
    return Response(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")


def _say_errors(app: FastAPI) -> None:
    """Every error has the same form: a sentence, what to do, a code."""

    def said(status: int, sentence: str, suggestion: str = "", headers: dict[str, str] | None = None) -> Response:
        return Response(error_body(sentence, suggestion), status, headers, media_type="application/json")

    @app.exception_handler(RecdeskError)
    async def known(_request: Request, error: RecdeskError) -> Response:
        if isinstance(error, BusyError):
            return said(503, error.sentence, error.suggestion)
        missing = isinstance(error.sentence, Message) and error.sentence.key in NOT_FOUND
        wrong = isinstance(error, UsageError) and not (isinstance(error, DataError) and not missing)
        return said(404 if missing else 422 if wrong else 500, error.sentence, error.suggestion)

    @app.exception_handler(RequestValidationError)
    async def misfit(_request: Request, error: RequestValidationError) -> Response:
        problem = error.errors()[0]
        if problem["type"] == "json_invalid" or problem["loc"] == ("body",):
            return said(400, Message("serve.no-json"), Message("serve.see-page"))
        name = ".".join(str(part) for part in problem["loc"][1:])
        reason = problem["msg"][:1].lower() + problem["msg"][1:]
        return said(422, Message("serve.bad-value", name=name, reason=reason), Message("serve.see-page"))

    @app.exception_handler(HTTPException)
    async def other(_request: Request, error: HTTPException) -> Response:
        sentences = {404: Message("serve.no-route"), 405: Message("serve.other-method")}
        sentence = sentences.get(error.status_code, Message("serve.no-json"))
        return said(error.status_code, sentence, Message("serve.see-page"), dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def unforeseen(_request: Request, _error: Exception) -> Response:
        return said(500, Message("serve.unforeseen"), Message("serve.report"))
