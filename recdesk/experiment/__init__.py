"""A run from dataset to metrics, studies of many runs, warm starts, and opening a run's model."""
