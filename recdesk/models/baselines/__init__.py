"""Models without training steps that every run is compared with."""
