"""Importing registers everything with the admin."""

from news.admin import articles, newsletters, pages  # noqa: F401
