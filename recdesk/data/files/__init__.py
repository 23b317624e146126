"""Bytes to tables: compression, encodings, separators, dialects and a reader for each form of file."""
