from celery import shared_task

from mail import operations


@shared_task
def send(mail_id: int) -> None:
    operations.send_one(mail_id=mail_id)


@shared_task
def sweep() -> None:
    operations.sweep()
