"""What can be asked, and what is answered."""

import json
import threading

import pytest

import recdesk.api
from recdesk.workspace.workspace import Workspace
from tests.serving.running import Client, serving


@pytest.fixture(scope="module")
def model(workspace: Workspace) -> recdesk.api.Model:
    return recdesk.api.load("last", workspace.folder)


def told(answer: recdesk.api.Answer, digits: int = 4) -> list[tuple]:
    return [(item.rank, item.item_id, item.title, round(item.score, digits)) for item in answer]


def heard(answer: dict, digits: int = 4) -> list[tuple]:
    return [(item["rank"], item["item_id"], item["title"], round(item["score"], digits)) for item in answer["items"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"user": "user-007"},
        {"history": ["004", "005"], "n": 3},
        {"history": [], "n": 40},
        {"history": ["001", "gone"], "n": 100},
        {"history": ["001"], "exclude_seen": False, "n": 40},
        {"history": ["001"], "where": ["genre one of odd"], "block": ["003"], "n": 40},
        {"history": ["001"], "allow": ["009", "0011"]},
        {"user": "user-001", "rules": "shop", "n": 9},
        {"user": "user-001", "as_of": "1970-01-01 00:03:30"},
        {"history": ["001", "002"], "times": [60, None]},
    ],
)
def test_an_answer_is_that_of_the_python_interface(client: Client, model: recdesk.api.Model, asked: dict):
    answer = client.recommend(**asked)
    expected = model.recommend(**asked)
    assert heard(answer) == told(expected)
    assert (answer["notes"], answer["unknown"]) == (list(expected.notes), list(expected.unknown))
    assert answer["run"] == model.run


def test_ids_that_look_like_numbers_may_be_sent_as_numbers(client: Client):
    assert client.recommend(history=["0011"]) == client.recommend(history=["0011"])
    assert client.recommend(history=[11])["unknown"] == ["11"]


def test_lists_are_ruled_as_the_command_rules_them(client: Client):
    body = {"history": [], "n": 6, "at_most": "genre=2", "features": True}
    answer = client.recommend(**body)
    assert [item["features"]["genre"] for item in answer["items"]].count("odd") == 2
    assert len(answer["items"]) == 4 and "at most 2 of the same genre" in answer["notes"][0]
    assert client.recommend(history=["001"], damping=1, diversity=0.5, diversity_by="genre")["items"]


def test_features_are_those_of_the_python_interface(client: Client, model: recdesk.api.Model):
    answer = client.recommend(history=["004"], n=40, features=True)
    assert [item["features"] for item in answer["items"]] == [
        item.features for item in model.recommend(history=["004"], n=40)
    ]
    assert client.recommend(history=[], allow=["001"], block=["002"], features=True)["items"][0]["features"] == {
        "genre": "odd"
    }
    assert "features" not in client.recommend(history=["004"])["items"][0]


@pytest.mark.slow
def test_a_wish_in_words_is_answered_by_a_model_that_reads_texts(text_workspace):
    texts = recdesk.api.load("last", text_workspace)
    wish = texts.by_ids.titles[3]
    with serving(Workspace(text_workspace)) as client:
        assert client.ask("/v1/model")[1]["reads_texts"] is True
        answer = client.recommend(wish=wish, n=5)
        both = client.recommend(user=str(texts.by_ids.live.dataset.user_ids[0]), wish=wish, n=5)
        assert client.ask("/v1/recommend", {"wish": "…"})[1]["code"] == "recommend.no-word"
    assert heard(answer, 2) == told(texts.recommend(wish=wish, n=5), 2)
    assert len(both["items"]) == 5 and heard(both) != heard(answer)


def test_similar_items_are_those_of_the_python_interface(client: Client, model: recdesk.api.Model):
    status, answer = client.ask("/v1/similar", {"item": "005", "n": 4, "where": ["genre contains even"]})
    assert status == 200 and heard(answer) == told(model.similar("005", 4, where=["genre contains even"]))


@pytest.mark.parametrize(
    ("body", "status", "code", "sentence"),
    [
        ({}, 422, "serve.nobody", "There is nobody to recommend to."),
        ({"user": "nobody"}, 404, "user.not-found", "No user “nobody” in “chain”."),
        ({"user": "user-001", "history": []}, 422, "serve.user-and-history", "A user id and a history were given."),
        ({"wish": "space"}, 422, "recommend.cannot-read-words", "This model knows items by their ids; it cannot"),
        ({"history": [], "rules": "gone"}, 404, "steer.not-found", "There are no rules “gone”."),
        ({"history": [], "where": ["genre"]}, 422, "steer.no-condition", "“genre” is no condition."),
        ({"history": [], "where": ["weight >= 2"]}, 422, "steer.no-column", "There is no column “weight”."),
        ({"history": [], "allow": ["gone"]}, 422, "steer.nothing-allowed", "No item meets the rules."),
        ({"history": [], "n": 0}, 422, "serve.bad-value", "“n” cannot be used: input should be greater than"),
        ({"history": [], "n": 10**9}, 422, "serve.bad-value", "“n” cannot be used: input should be less than"),
        ({"history": [], "n": "ten"}, 422, "serve.bad-value", "“n” cannot be used: "),
        ({"history": "001"}, 422, "serve.bad-value", "“history” cannot be used: input should be a valid list."),
        ({"history": [True]}, 422, "serve.bad-value", "“history.0” cannot be used: input should be a valid string."),
        ({"history": ["001"] * 5001}, 422, "serve.bad-value", "“history” cannot be used: list should have at most"),
        ({"user": "x" * 501}, 422, "serve.bad-value", "“user” cannot be used: "),
        ({"user": "\ud800"}, 422, "serve.bad-value", "“user” cannot be used: "),
        ({"history": [], "who": 1}, 422, "serve.bad-value", "“who” cannot be used: extra inputs are not permitted."),
        (
            {"history": ["001"], "times": []},
            422,
            "serve.times-number",
            "The number of times (0) is not that of the items (1).",
        ),
        ({"history": ["001"], "times": [2**60]}, 422, "serve.bad-value", "“times.0"),
        ({"history": ["001"], "as_of": "some day"}, 422, "rule.not-a-date", ""),
        ({"history": [], "damping": 2}, 422, "serve.bad-value", "“damping” cannot be used: "),
        ([], 422, "serve.bad-value", ""),
        ("text", 422, "serve.bad-value", ""),
    ],
)
def test_what_cannot_be_met_is_a_sentence_a_suggestion_and_a_code(client: Client, body, status, code, sentence):
    found, answer = client.ask("/v1/recommend", body)
    assert (found, answer["code"]) in ((status, code), (400, "serve.no-json"))
    assert set(answer) == {"error", "suggestion", "code"} and answer["suggestion"]
    assert answer["error"].startswith(sentence)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"n": ' + b"9" * 5000 + b"}", b""])
def test_what_is_no_json_is_told(client: Client, body: bytes):
    status, answer = client.ask("/v1/recommend", body, method="POST")
    assert status in (400, 422) and answer["error"] and answer["suggestion"]


def test_other_paths_and_methods_are_told(client: Client):
    assert client.ask("/v1/nothing")[1]["code"] == "serve.no-route"
    status, answer = client.ask("/v1/recommend")
    assert (status, answer["code"]) == (405, "serve.other-method")
    assert client.ask("/v1/similar", {"item": "gone"})[0] == 404


def test_it_says_what_answers_and_how_fast(client: Client, workspace: Workspace):
    client.recommend(history=["001"])
    status, facts = client.ask("/v1/model")
    assert status == 200
    assert (facts["run"], facts["items"], facts["people"], facts["has_vectors"], facts["reads_texts"]) == (
        workspace.runs()[0].id, 40, 60, True, False,
    )  # fmt: skip
    status, counts = client.ask("/v1/statistics")
    assert counts["requests"] > 0 and counts["p99_ms"] >= counts["p50_ms"] > 0 and counts["per_second"] > 0
    assert client.ask("/v1/health") == (200, {"status": "ok"}) and client.ask("/v1/ready")[0] == 200


def test_the_page_and_the_description_name_every_route_and_load_nothing(client: Client):
    _, description = client.ask("/v1/openapi.json")
    assert set(description["paths"]) == {
        "/v1/recommend", "/v1/similar", "/v1/model", "/v1/statistics", "/v1/health", "/v1/ready"
    }  # fmt: skip
    fields = description["components"]["schemas"]["RecommendRequest"]["properties"]
    assert {"user", "history", "wish", "n", "where", "rules"} <= set(fields)
    status, page = client.ask("/")
    assert status == 200 and all(path in page.decode() for path in description["paths"])
    assert f"curl http://127.0.0.1:{client.port}/v1/model" in page.decode()
    assert b"<script" not in page and b"https://" not in page


def test_many_clients_at_once_get_what_each_gets_alone(client: Client):
    asked = [{"history": [f"00{item}"], "n": 3 + item % 4} for item in range(1, 25)]
    alone = [heard(client.recommend(**body), 3) for body in asked]
    found: dict[int, list] = {}

    def ask(number: int) -> None:
        for _ in range(3):
            found[number] = heard(client.recommend(**asked[number]), 3)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(len(asked))] == alone


def test_rules_of_the_server_hold_whatever_is_asked(workspace: Workspace):
    with serving(workspace, rules="shop") as client:
        for body in (
            {"history": [], "n": 40},
            {"history": [], "n": 40, "at_most": "genre=30", "where": ["genre contains d"]},
        ):
            answer = client.recommend(**body)
            ids = [item["item_id"] for item in answer["items"]]
            assert "0031" not in ids and len(ids) <= 4, body
        assert "0031" not in json.dumps(client.ask("/v1/similar", {"item": "0030", "n": 39})[1]["items"])
