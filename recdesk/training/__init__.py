"""From a split and settings to weights: configuration, batches, training steps, the loop and its checkpoints."""
