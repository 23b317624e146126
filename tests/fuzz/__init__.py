"""Seeded fuzz of what recdesk reads: files of nine forms, options of every command, its own files.

`python -m tests.fuzz --cases 2000`; a case that failed is repeated by `--only KIND --case NUMBER`.
"""
