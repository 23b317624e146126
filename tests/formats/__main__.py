"""Import every sample and say which are right: `python -m tests.formats [NAME …]`."""

import sys
import tempfile
from pathlib import Path

from tests.formats.reading import faults
from tests.formats.samples import FORMATS


def main() -> int:
    """1 where a sample is read wrongly."""
    right, chosen = 0, [of for of in FORMATS if not sys.argv[1:] or of.name in sys.argv[1:]]
    for of in chosen:
        with tempfile.TemporaryDirectory() as folder:
            found = faults(of, Path(folder))
        right += not found
        print("WRONG" if found else "right", of.name, flush=True)
        for one in found:
            print(f"      {one}", flush=True)
    print(f"{right} of {len(chosen)} right")
    return right < len(chosen)


if __name__ == "__main__":
    sys.exit(main())
