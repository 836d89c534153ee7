#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.frames import with_room


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with_room(execute_from_command_line)(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"\n{refusal}\n")  # the sentence says what to do; where it was raised does not


if __name__ == "__main__":
    main()
