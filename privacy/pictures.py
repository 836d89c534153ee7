"""Pictures as they are taken in: read, made smaller where needed, and written anew.

Writing them anew leaves behind what the camera noted (place, time, device) and anything that only
pretended to be a picture. What is kept is one WebP, small enough for a phone far from the city.
"""

import io
import secrets
from itertools import product
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
MEDIA_TYPE = "image/webp"
_FORMATS = ["JPEG", "PNG", "WEBP"]
_MOST_BYTES = 5 * 1024 * 1024
_MOST_PIXELS = 50_000_000
# A page of ours weighs 100 kB at most, and everything but the picture takes less than half.
_MOST_BYTES_KEPT = 50_000
_WIDTHS, _QUALITIES = (1408, 1120, 900, 704, 560), (80, 65, 50, 35)
_BROKEN = (OSError, ValueError, SyntaxError)


def name_in(folder: str) -> str:
    """A name that nobody can guess and that tells nothing of the file's first name."""
    return f"{folder}/{secrets.token_urlsafe(12)}.webp"


def clean(upload: File) -> ContentFile:
    """Raises ValidationError when it is no picture of ours."""
    if upload.size > _MOST_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."))
    try:
        return ContentFile(_written_small(_read(upload)), name="picture.webp")
    except (*_BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("This is not a picture in JPEG, PNG or WebP.")) from error


def _read(upload: IO[bytes] | File) -> Image.Image:
    upload.seek(0)
    with Image.open(upload, formats=_FORMATS) as opened:
        if opened.width * opened.height > _MOST_PIXELS:
            raise ValidationError(_("The picture has too many pixels; make it smaller first."))
        picture = ImageOps.exif_transpose(opened)
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _written_small(picture: Image.Image) -> bytes:
    """As large and as fine as its weight allows: first it loses quality, then size."""
    content = b""
    for width, quality in product(_WIDTHS, _QUALITIES):
        smaller = picture.copy()
        smaller.thumbnail((width, width * 2))
        written = io.BytesIO()
        smaller.save(written, format="WEBP", quality=quality, method=4)
        content = written.getvalue()
        if len(content) <= _MOST_BYTES_KEPT:
            break
    return content
