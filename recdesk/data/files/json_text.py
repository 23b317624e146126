"""JSON that is not one object a line (an array, objects over several lines) as JSON lines that keep their numbers."""

import contextlib
import itertools
import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.json_array import HEAD_CHARACTERS, begin_of_array
from recdesk.data.files.objects import paths_of

BETWEEN = re.compile(r"[\s,]*")


class JsonElements:
    """The elements of a JSON text, one a line; digits stay as they are written.

    Attributes:
        same_lines: each element stands in the line it begins in; false where a line has several.
    """

    def __init__(self, shown: str) -> None:
        self.same_lines = True
        self._shown = shown
        self._decoder = json.JSONDecoder(parse_int=str, parse_float=str)
        self._line = self._written = 1

    def lines(self, texts: Iterable[str], whole: bool = True) -> Iterator[str]:
        """Lines with their ends, blank ones between where an element spans several.

        Args:
            texts: the text in pieces, with plain line ends.
            whole: they go to the end; else an element that is cut is left out.

        Raises:
            DataError: the text is no JSON, or ends in its middle.
        """
        buffer, begun, array = "", False, False
        for text in itertools.chain(texts, [""]):
            buffer += text
            if not begun and (len(buffer) >= HEAD_CHARACTERS or not text):
                begun = True
                start = begin_of_array(buffer)
                array = start is not None
                buffer = self._passed(buffer, start or 0)
            if not begun:
                continue
            buffer, closed = yield from self._elements(buffer, array)
            if closed:
                return
            if len(buffer) > limits.LONGEST_LINE:
                raise self._damaged("something too long for one row")
        rest = buffer.strip(" \t\r\n,\ufeff")
        if whole and (rest or array):
            raise self._damaged(_complaint(rest) if rest else "the array is never closed")

    def _elements(self, buffer: str, array: bool) -> Generator[str, None, tuple[str, bool]]:
        """Yield what is complete; return the rest, and whether the array was closed."""
        at = 0
        while True:
            gap = BETWEEN.match(buffer, at)
            assert gap is not None
            self._line += buffer.count("\n", at, gap.end())
            at = gap.end()
            if at == len(buffer):
                return "", False
            if buffer[at] == "]" and array:
                return "", True
            try:
                value, end = self._decoder.raw_decode(buffer, at)
            except json.JSONDecodeError as error:
                if error.pos < len(buffer) - 64 and not error.msg.startswith("Unterminated"):
                    raise self._damaged(error.msg) from error
                return buffer[at:], False  # cut at the end of this piece
            except RecursionError as error:
                raise self._damaged("it is nested too deep") from error
            if end == len(buffer) and not isinstance(value, dict | list):
                return buffer[at:], False  # more digits may follow
            yield from self._line_of(buffer[at:end], value)
            self._line += buffer.count("\n", at, end)
            at = end

    def _line_of(self, text: str, value: object) -> Iterator[str]:
        if isinstance(value, list):
            text = json.dumps({f"column {at}": cell for at, cell in enumerate(value, 1)}, ensure_ascii=False)
        if self._written > self._line:
            self.same_lines = False
        yield "\n" * (self._line - self._written)
        yield text.replace("\n", " ") + "\n"
        self._written = max(self._written, self._line) + 1

    def _passed(self, buffer: str, end: int) -> str:
        self._line += buffer.count("\n", 0, end)
        return buffer[end:]

    def _damaged(self, why: str) -> DataError:
        return DataError(
            Message("file.json-damaged", path=self._shown, line=self._line, reason=why), Message("file.export-or-mend")
        )


def _complaint(rest: str) -> str:
    try:
        json.loads(rest)
    except json.JSONDecodeError as error:
        return "the text ends in the middle" if error.pos >= len(rest) - 1 else error.msg
    return "the text ends in the middle"


def elements_of(shown: str, text: str) -> list[str]:
    """The whole elements of the beginning of a JSON text, one a line.

    Raises:
        DataError: the text is no JSON.
    """
    lines = JsonElements(shown).lines([text.replace("\r\n", "\n").replace("\r", "\n")], whole=False)
    return [line for line in lines if line.strip()]


def json_columns(shown: str, lines: Iterable[str], rows: int, far: Sequence[Sequence[str]] = ()) -> Columns:
    """The keys of the objects in these lines, with a sample; `far` are lines from other places, in blocks.

    Raises:
        DataError: there is no object.
    """
    objects, *others = map(_objects, (lines, *far))
    every = [entry for block in (objects, *others) for entry in block]
    names = dict.fromkeys(key for entry in every for key in entry)
    if not names:
        raise DataError(Message("file.no-json-object", name=shown), Message("file.write-object-a-line"))
    paths = paths_of(list(names), {name: [entry.get(name) for entry in every] for name in names})
    table, *blocks = (
        [[_json_text(_at(entry, path)) for path in paths.values()] for entry in block]
        for block in (objects[:rows], *others)
    )
    lists = list(names) == [f"column {at}" for at in range(1, len(names) + 1)]
    inner = {name: path for name, path in paths.items() if len(path) > 1}
    return Columns(list(paths), not lists, table, paths=inner, far=[block for block in blocks if block])


def _objects(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The objects in lines of JSON, numbers as they are written; other lines are left out."""
    found: list[dict[str, Any]] = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(line, parse_int=str, parse_float=str)
            if isinstance(value, dict):
                found.append(value)
    return found


def _at(entry: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = entry
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
