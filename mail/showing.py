"""A mail shown on a page: its policy lets in that mail's own style and nothing else."""

import base64
import hashlib
import re

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def policy(html: str, *more: str) -> str:
    """The content policy for a page that is this mail. Its style sheets are let in by their hashes
    (CSP 3, §2.3.1), so that no other can be slipped in; `more` are further directives.
    """
    styles = " ".join(_hash(style) for style in _STYLE.findall(html)) or "'none'"
    rules = ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'"]
    return "; ".join([*rules, f"style-src {styles}", *more])


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
