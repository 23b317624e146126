"""The Settings page: workspace, appearance, shortcuts, and what is stored about users."""
