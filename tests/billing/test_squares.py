"""The squares that phones scan: read back by a reader, from the picture as it is drawn."""

import re

import pytest
import zxingcpp
from PIL import Image

from billing.documents import squares

PIXELS = 4


def read(picture: str) -> list[tuple[str, str]]:
    side = int(re.search(r'viewBox="0 0 (\d+) ', picture)[1])
    drawn = Image.new("L", (side, side), "white")
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", picture):
        drawn.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    scaled = drawn.resize((side * PIXELS, side * PIXELS), Image.Resampling.NEAREST)
    return [(found.text, found.ec_level) for found in zxingcpp.read_barcodes(scaled)]


@pytest.mark.parametrize(
    "text",
    [
        '{"uqr":1,"tp":1,"nme":"Forum för Dataskydd","due":1645.0,"cur":"SEK"}',
        "C1234567890;1645,00;1001004207;0",
        "https://www.example.org/kort/" + "a" * 120,
        "F" * 32,
        "Łódź, Győr, 北京",
    ],
)
def test_a_square_says_what_was_put_into_it(text):
    # M: a seventh of it may be lost or dirty.
    assert read(squares.svg(text, border=4)) == [(text, "M")]


def test_its_size_is_of_modules_and_border():
    assert 'width="165" height="165"' in squares.svg("F" * 32, border=4, scale=5)
    assert "width=" not in squares.svg("F" * 32)
