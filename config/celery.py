import os
from typing import Any

from celery import Celery, Task

from config.frames import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class RoomyTask(Task):
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return with_room(self.run)(*arguments, **named)


app = Celery("config", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
