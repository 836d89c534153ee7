from celery import shared_task

from events import operations


@shared_task
def sweep_seats() -> None:
    operations.sweep_seats()
