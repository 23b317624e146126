"""The Settings page: appearance, workspace, what is kept of people, shortcuts, versions."""
