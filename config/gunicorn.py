"""How the web runs: gunicorn is given this file, and the address, by docs/operations.md."""

from pathlib import Path
from typing import Any

worker_class = "gthread"
workers = 2
threads = 4
max_requests = 5000
max_requests_jitter = 500
graceful_timeout = 30
control_socket_disable = True
# Not preload_app: the library that makes PDFs has threads of its own, which do not survive a fork,
# and each process has to load the site for itself to bring new code (config/reloading.py).

LOADED = "dpforum-web"


def post_worker_init(worker: Any) -> None:
    """This process has loaded the site: told by its name, which `ps` and `reloading` see."""
    Path("/proc/self/comm").write_text(LOADED)
