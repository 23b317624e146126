"""The five pages of the window, a package each: `page.py` with its cards beside it."""
