from datetime import timedelta
from typing import Any

from django.utils import timezone

from mail.models import Mail


def create_mail(*, key: str = "test:1", **changes: Any) -> Mail:
    return Mail.objects.create(
        **{
            "key": key,
            "to": "anna@example.org",
            "language": "sv",
            "subject": "Hej",
            "text": "Hej Anna",
            "html": "<p>Hej Anna</p>",
            "not_before": timezone.now() - timedelta(seconds=1),
            **changes,
        }
    )
