"""The Data page: the datasets of the workspace, and the import of new ones."""
