"""recdesk: from a file of user behaviour to recommendations one can trust."""

__version__ = "0.1.0"
