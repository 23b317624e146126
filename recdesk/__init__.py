"""recdesk: from a file of user behaviour to recommendations that can be trusted."""

import os

__version__ = "0.1.0"

# Threads of a tensor operation wait for each other by spinning, for milliseconds by default: where another program (or
# this window) wants the processor, most of the time is then spent waiting. libgomp reads this when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
