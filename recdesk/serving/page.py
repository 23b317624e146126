"""The page that describes the interface, made from its declaration: one file, nothing is loaded from elsewhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

from recdesk.serving.schema import RulesGiven

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { padding: .7rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
"""
EXAMPLES = {
    "/v1/recommend": '{"history": ["ID", "ID"], "n": 5}',
    "/v1/similar": '{"item": "ID", "n": 5}',
}
INTRODUCTION = """Ids are those of your data, as text. Requests are JSON, and every error is
{"error": sentence, "suggestion": what to do, "code": its key}. Where the server was started with a token, send it as
“Authorization: Bearer TOKEN”. Programs read the same at"""


TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def interface_page(openapi: Mapping[str, Any], address: str) -> str:
    """HTML for an OpenAPI description of a server at an address (host and port)."""
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>recdesk</title><style>{STYLE}</style>"]
    parts.append(f"<h1>recdesk {escape(openapi['info']['version'])}</h1><p>{escape(INTRODUCTION)}")
    parts.append('<a href="/v1/openapi.json">/v1/openapi.json</a>.</p>')
    for path, methods in openapi["paths"].items():
        for method, about in methods.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code> {escape(about['summary'])}</h2>")
            parts.append(_example(path, method, address))
            parts.append(_fields(about, openapi))
    return "\n".join(parts)


def _example(path: str, method: str, address: str) -> str:
    body = f" -H 'Content-Type: application/json' -d '{EXAMPLES[path]}'" if method == "post" else ""
    return f"<pre>curl{escape(body)} http://{escape(address + path)}</pre>"


def _fields(about: Mapping[str, Any], openapi: Mapping[str, Any]) -> str:
    """The table of what a request's body holds."""
    content = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    known = openapi.get("components", {}).get("schemas", {}).get(name, {})
    rows = []
    fields = sorted(known.get("properties", {}).items(), key=lambda entry: entry[0] in RulesGiven.model_fields)
    for field, given in fields:
        need = "needed" if field in known.get("required", ()) else ""
        cells = (f"<code>{escape(field)}</code>", escape(_type(given)), need, escape(given.get("description", "")))
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _type(given: Mapping[str, Any]) -> str:
    """A field's type in words, with its bounds."""
    for each in given.get("anyOf", ()):
        if each.get("type") != "null":
            return _type(each)
    bounds = [f"{sign} {given[key]:g}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in given]
    bounds += [f"at most {given[key]:,}" for key in ("maxLength", "maxItems") if key in given]
    kind = str(given.get("type", ""))
    if kind == "array":
        texts = given.get("items", {}).get("type") == "string"
        kind = "list of texts" if texts else "list of whole numbers"
    return " ".join([TYPES.get(kind, kind), f"({', '.join(bounds)})" if bounds else ""]).strip()
