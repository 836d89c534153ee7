from celery import shared_task
from django.utils import timezone

from news import operations


@shared_task
def deliver(newsletter_id: int) -> None:
    operations.deliver(newsletter_id=newsletter_id, now=timezone.now())


@shared_task
def sweep() -> None:
    operations.deliver_unfinished(now=timezone.now())
