"""A trained model that answers over HTTP: the application, its limits, and the process that it runs in."""
