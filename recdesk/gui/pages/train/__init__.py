"""The Train page: model and settings, progress and curves, the text encoder, the search for settings."""
