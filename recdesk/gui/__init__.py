"""The window (PySide6): pages, widgets and the jobs between them and the core. Nothing else imports Qt."""
