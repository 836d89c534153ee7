"""The privacy officer's desk: requests, breaches, protections, and evidence to read."""

from privacy.admin import clearing, evidence, incidents, protections, requests

__all__ = ["clearing", "evidence", "incidents", "protections", "requests"]
