"""No deployment with a table or column that the register does not know.

It runs with `check --deploy`, so that a new column can be migrated before it is described.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from privacy import gaps


@register(Tags.security, deploy=True)
def everything_is_declared(
    app_configs: Sequence[AppConfig] | None, **_kwargs: Any
) -> list[CheckMessage]:
    return [
        Error(
            f"Register of personal data: {gap}",
            hint="Declare it in privacy.py of its room; privacy/register.py shows how.",
            id="privacy.E001",
        )
        for gap in gaps.undeclared()
    ]
