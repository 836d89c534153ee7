import os
from typing import Any

from celery import Celery, Task

from config.environment import REDIS_TIMEOUT_S
from config.frames import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class RoomyTask(Task):
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return with_room(self.run)(*arguments, **named)


app = Celery("config", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HASTE = {"socket_timeout": REDIS_TIMEOUT_S, "max_retries": 0}


def be_in_haste() -> None:
    """For a process that answers visitors: one attempt to hand a message over, of three seconds.

    What the message was about is found by the sweep of the next minute. A worker needs all its
    patience: in haste it ends when the broker is away for a moment.
    """
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, **HASTE}
