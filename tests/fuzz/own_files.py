"""One of the workspace's own files damaged, then looked at by a command: the same answer as before, or a sentence."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from recdesk.__main__ import app

UNUSED = ("log.txt", "environment.json", ".lock")
"""Nothing that is shown rests on these."""


class OwnFiles:
    """Cases over all files of a workspace."""

    def __init__(self, scratch: Path, template: Path) -> None:
        self.workspace = scratch / "own"
        shutil.copytree(template, self.workspace)
        self.files = [
            path for path in sorted(self.workspace.rglob("*")) if path.is_file() and not path.name.endswith(UNUSED)
        ]
        runs = sorted(
            path.name for path in (self.workspace / "runs").iterdir() if path.is_dir() and not path.name.startswith(".")
        )
        texts = next(name for name in runs if "text-bert" in name)
        ids = next(name for name in runs if "text-bert" not in name)
        self.looks: list[list[str]] = [
            ["datasets"], ["runs"], ["health", "Shop"], ["recommend", ids, "--user", "u01"],
            ["recommend", texts, "--user", "u02"],
            ["recommend", texts, "--wish", "title of 7"], ["search", texts, "new"], ["evaluate", ids],
            ["evaluate", texts],
        ]  # fmt: skip
        self.usual = [self._answer(look) for look in self.looks]
        assert all(code == 0 for code, _, _ in self.usual), self.usual

    def case(self, rng: random.Random) -> str:
        """One file, one damage, one look; the file is put back.

        Raises:
            AssertionError: a traceback, or another answer than before without a word.
        """
        path, at = rng.choice(self.files), rng.randrange(len(self.looks))
        whole = path.read_bytes()
        how = _damage(path, whole, rng)
        try:
            return self._judged(f"{how} {path.relative_to(self.workspace)}, {' '.join(self.looks[at])}", at)
        finally:
            _gone(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(whole)

    def _judged(self, said: str, at: int) -> str:
        code, values, errors = self._answer(self.looks[at])
        assert code in (0, 1, 2), f"{said}: exit code {code}"
        assert "Traceback" not in errors, f"{said}: {errors[-600:]}"
        if code:
            assert errors.strip(), f"{said}: exit code {code} without a word"
            return "refused"
        if values != self.usual[at][1]:
            told = errors.strip() or "damaged" in json.dumps(values)
            assert told, f"{said}: another answer without a word"
            return "told"
        return "same"

    def _answer(self, look: list[str]) -> tuple[int, Any, str]:
        result = CliRunner().invoke(app, [*look, "--json", "--workspace", str(self.workspace)])
        exception = result.exception
        if exception is not None and not isinstance(exception, SystemExit):
            return -1, None, f"{type(exception).__name__}: {exception}"
        lines = result.stdout.strip().splitlines()
        return result.exit_code, json.loads(lines[-1]) if lines else None, result.stderr


def _gone(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _damage(path: Path, whole: bytes, rng: random.Random) -> str:
    how = rng.choice(
        ["bit", "bit", "bit", "cut", "empty", "removed", "folder", "list", "text", "deep", "strings", "huge", "bytes"]
    )
    content = bytearray(whole)
    at = rng.randrange(len(content)) if content else 0
    if how == "removed":
        path.unlink()
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "bit" and content:
        content[at] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
    elif how == "strings":
        path.write_bytes(b"".join(b'"%c"' % byte if 48 <= byte < 58 else bytes([byte]) for byte in whole))
    else:
        made = {
            "cut": bytes(content[:at]),
            "empty": b"",
            "list": b"[]",
            "text": b'"x"',
            "deep": b"[" * 100_000,
            "huge": b'{"format": ' + b"9" * 6000 + b"}",
        }
        path.write_bytes(made.get(how, rng.randbytes(len(content))))
    return how
