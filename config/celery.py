import os
from typing import Any

from celery import Celery, Task
from celery.signals import celeryd_init, worker_process_init
from django.conf import settings

from config.frames import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class RoomyTask(Task):
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return with_room(self.run)(*arguments, **named)


app = Celery("config", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def be_patient(conf: Any, **_kwargs: Any) -> None:
    """A worker waits for its broker as long as that is away; in haste it would end instead."""
    hasty = settings.BROKER_HASTE
    options = conf.broker_transport_options.items()
    conf.broker_transport_options = {name: value for name, value in options if name not in hasty}


@worker_process_init.connect
def be_in_haste(**_kwargs: Any) -> None:
    """The processes that do its work only hand messages over, as everybody else does."""
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
