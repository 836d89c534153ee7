from celery import shared_task

from config import jobs


@shared_task
def nightly() -> None:
    jobs.run_nightly()
