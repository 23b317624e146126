"""Widgets that more than one page uses, and the parts of the window's frame."""
