"""Where the text side of a run lies."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TextPaths:
    """Folders that steps over texts use.

    Attributes:
        run: of the run.
        cache: of what can be computed again.
        downloads: of encoders from the hub.
        shared: of encoders that the trials of a study have in common: the first one trains them; None outside of one.
    """

    run: Path
    cache: Path
    downloads: Path
    shared: Path | None = None

    @property
    def facts(self) -> Path:
        """What the run's texts are made with."""
        return self.run / "text.json"

    @property
    def whitening(self) -> Path:
        """Its fitted map."""
        return self.run / "text.safetensors"

    @property
    def encoder(self) -> Path:
        """An encoder that this run trained, whole from the moment that it is there."""
        return self.run / "encoder"

    @property
    def begun(self) -> Path:
        """The same before its training, while that goes on; whole from the moment that it is there."""
        return self.run / "checkpoints" / "begun-encoder"
