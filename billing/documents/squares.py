"""Square codes (QR, ISO/IEC 18004) as pictures that need no other file."""

import base64
import re

import zint

# How much of the square may be lost or dirty: a seventh.
_ERROR_CORRECTION_M = 2
# What the reader takes the bytes for; 0 is what all take them for where nothing is said.
_LATIN_1, _UTF_8 = 0, 26


def svg(text: str, *, border: int = 0, scale: int | None = None) -> str:
    """An inline picture. `border` is the quiet zone in modules, `scale` their size in pixels."""
    rows = _modules(text)
    side = len(rows) + 2 * border
    size = f' width="{side * scale}" height="{side * scale}"' if scale else ""
    path = "".join(_runs(row, border, y + border) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"{size}'
        f' shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )


def data_uri(picture: str) -> str:
    """The picture as the source of an `img`."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"


def _modules(text: str) -> list[str]:
    """Row by row: `1` is dark."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.input_mode = zint.InputMode.UNICODE
    symbol.option_1 = _ERROR_CORRECTION_M
    symbol.eci = _LATIN_1 if _is_latin_1(text) else _UTF_8
    symbol.encode(text)
    data = symbol.encoded_data.tobytes()
    width = len(data) // len(symbol.encoded_data)
    rows = (data[start : start + width] for start in range(0, symbol.rows * width, width))
    return [_bits(row)[: symbol.width] for row in rows]


def _is_latin_1(text: str) -> bool:
    try:
        return bool(text.encode("latin-1"))
    except UnicodeEncodeError:
        return False


def _bits(row: bytes) -> str:
    """Zint's first module is the lowest bit of the first byte."""
    return f"{int.from_bytes(row, 'little'):0{len(row) * 8}b}"[::-1]


def _runs(row: str, left: int, y: int) -> str:
    """The dark modules of a row, as one rectangle for each run of them."""
    runs = ((run.start() + left, len(run[0])) for run in re.finditer("1+", row))
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, length in runs)
