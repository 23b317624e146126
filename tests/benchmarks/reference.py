"""Whether the same seeds still give the same weights, figures, files and events.

`python tests/benchmarks/reference.py record OUT.json [--only EXAMPLE/KIND …]` trains each kind briefly on the built-in
example and, where `../shared/data` has it, on MovieLens (latest, small); `compare OLD.json NEW.json` says what differs.
It uses commands and files alone, so that it records other versions too: call it by its path, with PYTHONPATH at theirs.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

MOVIELENS = Path(__file__).resolve().parents[3] / "shared" / "data" / "ml-latest-small"
SMALL = {"epochs": 2, "hidden": 32, "layers": 1, "max_length": 32, "device": "cpu", "seed": 11}
TEXTS = {"encoder": "scratch", "encoder_steps": 20, "text_tokens": 24}
TUNED = {"text_width": 32, "fine_tune": "last-layer", "fine_tune_epochs": 1}
SETTINGS: dict[str, dict[str, Any]] = {
    "bert-causal": SMALL,
    "bert4rec": SMALL,
    "hybrid": {**SMALL, **TEXTS, **TUNED},
    "text-bert": {**SMALL, **TEXTS, **TUNED},
    "two-tower": {"epochs": 1, "device": "cpu", "seed": 11, **TEXTS},
}
MAKE_EXAMPLE = """
import sys
from pathlib import Path
import pandas as pd
from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.workspace.workspace import Workspace
print(Workspace(Path(sys.argv[1])).add_dataset(ImportResult(make_example(), [], pd.DataFrame())))
"""


def recdesk(*arguments: str | Path) -> dict[str, Any]:
    """What a command says to machines."""
    done = subprocess.run(
        [sys.executable, "-m", "recdesk", *map(str, arguments), "--json"], capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def weights_of(folder: Path) -> dict[str, str]:
    """SHA-256 of the tensors of each safetensors file below a run's folder; headers may say other things."""
    from safetensors import safe_open

    found = {}
    for path in sorted(folder.rglob("*.safetensors")):
        if "last" in path.parts:
            continue
        digest = hashlib.sha256()
        with safe_open(path, framework="pt") as file:
            for name in sorted(file.keys()):
                tensor = file.get_tensor(name).contiguous()
                digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
                digest.update(tensor.reshape(-1).view(__import__("torch").uint8).numpy().tobytes())
        found[str(path.relative_to(folder))] = digest.hexdigest()
    return found


def recorded(workspace: Path, dataset: str, kind: str) -> dict[str, Any]:
    """Train and export; everything that must not change."""
    settings = [part for key, value in SETTINGS[kind].items() for part in ("--set", f"{key}={value}")]
    run = recdesk("train", dataset, "--model", kind, *settings, "--workspace", workspace)["run"]
    out = workspace / "out.csv"
    recdesk("export", run, "--out", out, "--workspace", workspace)
    folder = workspace / "runs" / run
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    metrics = json.loads((folder / "metrics.json").read_text())
    return {
        "weights": weights_of(folder),
        "metrics": {key: value for key, value in metrics.items() if key != "checksum"},
        "csv": hashlib.sha256(out.read_bytes()).hexdigest(),
        "events": dict(sorted(Counter(event.get("event", event.get("kind", "?")) for event in events).items())),
    }


def record(out: Path, only: list[str]) -> None:
    """Write what each kind gives on each dataset."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        made = subprocess.run([sys.executable, "-c", MAKE_EXAMPLE, folder], capture_output=True, text=True, check=True)
        datasets = {"example": made.stdout.split("\n")[0]}
        if MOVIELENS.is_dir():
            datasets["movielens"] = recdesk("import", MOVIELENS, "--name", "ml", "--workspace", workspace)["dataset"]
        for title, dataset in datasets.items():
            for kind in SETTINGS:
                if only and f"{title}/{kind}" not in only:
                    continue
                found[f"{title}/{kind}"] = recorded(workspace, dataset, kind)
                print(f"{title}/{kind}: {json.dumps(found[f'{title}/{kind}']['metrics'])[:150]}", flush=True)
                out.write_text(json.dumps(found, indent=1))


def differences(old: Any, new: Any, path: str = "") -> list[str]:
    """Where two records differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            line for key in sorted({*old, *new}) for line in differences(old.get(key), new.get(key), f"{path}/{key}")
        ]
    return [] if old == new else [f"{path}: {old} is now {new}"]


def main() -> int:
    """1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["record", "compare"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    arguments = parser.parse_args()
    if arguments.action == "record":
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        record(arguments.files[0], arguments.only)
        return 0
    old, new = (json.loads(path.read_text()) for path in arguments.files)
    found = differences(old, new)
    print("\n".join(found) or f"{len(new)} runs are the same.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
