"""Where the pictures of articles lie. How one is taken in: `privacy/pictures.py`."""

from typing import Any

from privacy.pictures import EXTENSIONS, MEDIA_TYPE, clean, name_in

__all__ = ["EXTENSIONS", "FOLDER", "MEDIA_TYPE", "clean", "path"]

FOLDER = "news"


def path(_instance: Any, _filename: str) -> str:
    return name_in(FOLDER)
