from celery import shared_task

from config import health, jobs


@shared_task
def nightly() -> None:
    jobs.run_nightly()


@shared_task
def heartbeat() -> None:
    health.beat()
