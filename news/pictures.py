"""Pictures as they are taken in: read, made smaller where needed, and written anew.

Writing them anew leaves behind what the camera noted (place, time, device) and anything that only
pretended to be a picture.
"""

import io
import secrets
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
_FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_MOST_BYTES = 5 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_WIDEST = 1600
_BROKEN = (OSError, ValueError, SyntaxError)


def path(_instance: Any, filename: str) -> str:
    """A name that nobody can guess and that tells nothing of the file's first name."""
    extension = filename.rpartition(".")[2].lower()
    return f"news/{secrets.token_urlsafe(12)}.{extension}"


def clean(upload: File) -> ContentFile:
    """Raises ValidationError when it is no picture of ours."""
    if upload.size > _MOST_BYTES:
        raise ValidationError(_("The picture is larger than 5 MB."))
    try:
        return _written_anew(upload)
    except (*_BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("This is not a picture in JPEG, PNG or WebP.")) from error


def _written_anew(upload: IO[bytes] | File) -> ContentFile:
    upload.seek(0)
    with Image.open(upload, formats=list(_FORMATS)) as opened:
        kind = opened.format or ""
        if opened.width * opened.height > _MOST_PIXELS:
            raise ValidationError(_("The picture has too many pixels; make it smaller first."))
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((_WIDEST, _WIDEST * 2))
        keeps_alpha = kind != "JPEG" and picture.has_transparency_data
        picture = picture.convert("RGBA" if keeps_alpha else "RGB")
    written = io.BytesIO()
    picture.save(written, format=kind, quality=82, optimize=True)
    return ContentFile(written.getvalue(), name=f"picture.{_FORMATS[kind]}")
