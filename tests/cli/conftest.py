"""All commands are known to the app in each test of this folder."""

import recdesk.__main__  # noqa: F401
