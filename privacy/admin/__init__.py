"""The privacy officer's desk: requests, breaches, protections, and evidence to read."""

from privacy.admin import evidence, incidents, protections, requests

__all__ = ["evidence", "incidents", "protections", "requests"]
