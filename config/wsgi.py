import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from config.frames import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = with_room(get_wsgi_application())

# Pages are loaded now and not while the first visitor waits. What is loaded then stays as long as
# the process: the collector need not go through all of it again and again, which is a tenth of
# what a page costs.
reverse("start")
gc.collect()
gc.freeze()
