from celery import shared_task
from django.core.cache import cache

from mail import operations

SWEEPING = "mail-sweep"
# When the next one comes, whatever became of this one.
A_MINUTE = 60


@shared_task
def send(mail_id: int) -> None:
    operations.send_one(mail_id=mail_id)


@shared_task
def sweep() -> None:
    """One at a time, however many batches of a night ask for it: a sweep lasts as long as there
    are letters, and other work needs a process that is free.
    """
    if not cache.add(SWEEPING, True, timeout=A_MINUTE):
        return
    try:
        operations.sweep()
    finally:
        cache.delete(SWEEPING)
