"""What `data.json` of the copy looks like, as a JSON Schema that goes along with it."""

from typing import Any

FORMAT = "personal-data-export/1"

_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_COLUMN = _object(title=_TEXT, purpose=_TEXT, provided_by_you={"type": "boolean"})
_ROW = _object(
    values={"type": "object"},
    kept_until={
        "type": "object",
        "description": "By purpose: the moment, or null while the period has not begun.",
        "additionalProperties": {"type": ["string", "null"], "format": "date-time"},
    },
)
_TABLE = _object(
    table=_TEXT,
    title=_TEXT,
    columns={"type": "object", "additionalProperties": _COLUMN},
    withheld={"type": "object", "additionalProperties": _TEXT},
    rows=_list(_ROW),
)
_PURPOSE = _object(
    key=_TEXT,
    title=_TEXT,
    why=_TEXT,
    basis=_TEXT,
    article=_TEXT,
    law_or_interest=_TEXT,
    source=_TEXT,
    recipients=_list(_object(kind=_TEXT, companies=_list(_TEXT))),
    rights=_list(_TEXT),
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": FORMAT,
    **_object(
        format={"const": FORMAT},
        language=_TEXT,
        made_at={"type": "string", "format": "date-time"},
        controller=_object(
            name=_TEXT, email=_TEXT, organisation_number=_TEXT, address=_TEXT, phone=_TEXT
        ),
        supervisory_authority=_TEXT,
        purposes=_list(_PURPOSE),
        tables=_list(_TABLE),
    ),
}
