import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from news import operations, pictures
from tests.factories.news import create_article, text

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.slow]


def picture(
    *, kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object
) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "navy" if mode != "P" else 0).save(written, format=kind, **options)
    return written.getvalue()


def upload(content: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def opened(content) -> Image.Image:
    content.seek(0)
    return Image.open(content)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_pictures_of_each_kind_become_one_kind(kind, mode):
    cleaned = pictures.clean(upload(picture(kind=kind, mode=mode)))

    assert cleaned.name == "picture.webp"
    assert (opened(cleaned).format, opened(cleaned).size) == ("WEBP", (40, 20))


def test_what_the_camera_noted_is_gone_and_its_turn_is_kept():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken

    cleaned = pictures.clean(upload(picture(exif=exif.tobytes())))

    assert opened(cleaned).size == (20, 40)
    assert dict(opened(cleaned).getexif()) == {}
    assert b"Anna" not in cleaned.read()


def test_a_large_picture_is_made_smaller():
    assert opened(pictures.clean(upload(picture(size=(4000, 2000))))).size == (1408, 704)


def test_the_busiest_picture_weighs_little():
    noise = Image.effect_noise((2000, 1500), 90).convert("RGB")
    written = io.BytesIO()
    noise.save(written, format="JPEG", quality=60)

    cleaned = pictures.clean(upload(written.getvalue()))

    assert opened(cleaned).width in {560, 704}
    assert cleaned.size < 50_000


def test_a_usual_picture_weighs_half_a_page():
    sky = Image.radial_gradient("L").resize((3000, 2000)).convert("RGB")
    written = io.BytesIO()
    sky.save(written, format="JPEG", quality=95)

    cleaned = pictures.clean(upload(written.getvalue()))

    assert cleaned.size < 50_000


def test_what_follows_the_picture_in_the_file_is_gone():
    cleaned = pictures.clean(upload(picture() + b"<script>alert(1)</script>"))

    cleaned.seek(0)
    assert b"script" not in cleaned.read()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This is not a picture in JPEG, PNG or WebP."),
        (b"<svg onload=alert(1)>", "This is not a picture in JPEG, PNG or WebP."),
        (b"%PDF-1.7", "This is not a picture in JPEG, PNG or WebP."),
        (b"GIF89a" + b"\x00" * 50, "This is not a picture in JPEG, PNG or WebP."),
        (picture(kind="GIF"), "This is not a picture in JPEG, PNG or WebP."),
        (picture(kind="BMP"), "This is not a picture in JPEG, PNG or WebP."),
        (picture()[:100], "This is not a picture in JPEG, PNG or WebP."),
        (b"\xff\xd8\xff" + b"x" * 100, "This is not a picture in JPEG, PNG or WebP."),
        (
            picture(kind="PNG", mode="1", size=(8000, 7000)),
            "The picture has too many pixels; make it smaller first.",
        ),
        (
            picture(kind="PNG", mode="1", size=(20000, 20000)),
            "This is not a picture in JPEG, PNG or WebP.",
        ),
        (b"x" * (5 * 1024 * 1024 + 1), "The picture is larger than 5 MB."),
    ],
    ids=range(11),
)
def test_everything_else_is_refused(content, message):
    with pytest.raises(ValidationError) as refusal:
        pictures.clean(upload(content))

    assert refusal.value.messages == [message]


@pytest.mark.django_db
def test_a_stored_picture_has_a_name_of_ours_and_its_measures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    article = create_article(picture=upload(picture()), picture_alt={"sv": "En blå yta"})

    article.refresh_from_db()
    assert article.picture.name.startswith("news/")
    assert article.picture.name.endswith(".webp")
    assert "IMG_0001" not in article.picture.name
    assert (article.picture_width, article.picture_height) == (40, 20)


@pytest.mark.django_db
def test_a_picture_must_be_described(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(ValidationError) as refusal:
        operations.write_article(texts={"sv": text()}, picture=upload(picture()), by=None)

    assert refusal.value.messages == ["Say in each language of the article what the picture shows."]
    assert list(tmp_path.rglob("*.webp")) == []


# --- Served ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stored_picture_is_served_and_kept_by_caches(settings, tmp_path, client):
    settings.MEDIA_ROOT = tmp_path
    article = create_article(picture=upload(picture()), picture_alt={"sv": "En blå yta"})

    answer = client.get(article.picture.url)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.cookies == {}
    assert answer.content[8:12] == b"WEBP"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing.webp", "..%2Fsecret", "%2E%2E", "a%2Fb.webp"])
def test_nothing_else_is_served(settings, tmp_path, client, name):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "secret").write_text("not a picture")

    assert client.get(f"/media/news/{name}").status_code in {400, 404}
