from celery import shared_task
from django.utils import timezone

from members import operations


@shared_task
def issue_renewals() -> None:
    operations.issue_renewals(today=timezone.localdate())
