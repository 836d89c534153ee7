import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# The views now, not with the first visitor. What is loaded then stays as long as the process: the
# collector need not go through all of it again and again, which is a tenth of what a page costs.
get_resolver().url_patterns  # noqa: B018  it is read, and that loads it
gc.collect()
gc.freeze()
