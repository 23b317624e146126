"""The Train page: model, settings, and the run under way."""
