"""Jinja for our own pages: everything is escaped, and no page can load or run anything foreign.

Style and script stand in the page; the policy in its head names them by hash and allows nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.site.pieces import marked

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent


def render_page(name: str, **values: Any) -> str:
    """Return the page `<name>.html.j2` filled with `values`."""
    style, script = _source("style.css"), _source("script.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(style=style, script=script, policy=policy, **values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = _visible
    return environment


@lru_cache(maxsize=2)
def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    # As the browser hashes it: the bytes between the tags, nothing trimmed.
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _visible(text: object) -> str:
    """Return a text of the files with hidden signs by their names: nothing turns the page around."""
    return "".join(piece.text for piece in marked(str(text), "plain"))
