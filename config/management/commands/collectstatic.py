from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic

# Of Bootstrap's forty variants the pages use two; compressing all of them takes a minute.
UNUSED = [
    "bootstrap-*.css*",
    "*.rtl.*",
    "bootstrap.css*",
    "bootstrap.js*",
    "bootstrap.min.js*",
    "bootstrap.bundle.js*",
    "bootstrap.esm.*",
]


class Command(collectstatic.Command):
    def set_options(self, **options: Any) -> None:
        super().set_options(**options)
        self.ignore_patterns += UNUSED
