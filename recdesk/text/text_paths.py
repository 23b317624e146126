"""Paths of the files of a run that have to do with texts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TextPaths:
    """Folders that the stages over texts use.

    Attributes:
        run: folder of the run.
        cache: folder of what can be computed again.
        downloads: folder of encoders from the hub.
        shared: folder of encoders that the trials of a study share (the first one trains them); None outside a study.
    """

    run: Path
    cache: Path
    downloads: Path
    shared: Path | None = None

    @property
    def facts(self) -> Path:
        """See `TextFacts`."""
        return self.run / "text.json"

    @property
    def whitening(self) -> Path:
        """The fitted `Whitening`."""
        return self.run / "text.safetensors"

    @property
    def encoder(self) -> Path:
        """The encoder that this run trained; appears complete."""
        return self.run / "encoder"

    @property
    def begun(self) -> Path:
        """The same encoder before training, while that goes on; appears complete."""
        return self.run / "checkpoints" / "begun-encoder"
