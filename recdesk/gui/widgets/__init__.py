"""Widgets that several pages use: cards, inputs, buttons, plots, tables."""
