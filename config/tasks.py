from celery import shared_task

from config import health, jobs
from config.models import LONGEST

# Other tasks are over in seconds, and are given less.
NIGHT = {"time_limit": LONGEST.total_seconds()}


@shared_task(**NIGHT)
def nightly() -> None:
    jobs.run_nightly()


@shared_task(**NIGHT)
def take_part_in_renewals() -> None:
    jobs.take_part("issue_renewals")


@shared_task
def heartbeat() -> None:
    health.beat()
