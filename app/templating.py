"""The Jinja environment: what every template can use, and the German form of dates, numbers and text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping, MutableMapping
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import i18n
from app.config import PROJECT_ROOT
from app.editing import for_editor
from app.markup import parser
from app.wording import event_sentence, label, options, tone, transition_label
from app.wording.dates import german_date, german_datetime, german_deadline
from app.wording.numbers import german_period, rounded_with_unit, with_unit

STATIC_DIRECTORY = PROJECT_ROOT / "static"
_TEXTS_KEPT = 2048
"""How many texts are kept as HTML; what a text becomes depends on nothing but the text."""
_FRAGMENTS_KEPT = 4096
_MARK = token_hex(16)
_HOLE = re.compile(rf"{_MARK}(\d{{4}})")
_TOKEN = b"0000"
_TAGS = {"p", "strong", "em", "a", "br", "small", "sup"}


class _Environment(Environment):
    """Jinja2's own, but that every template shares one table of globals.

    Otherwise each import in a page compares all names of two layered tables, a twentieth of a page's time.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The one table; no template here is loaded with globals of its own."""
        if d:
            raise ValueError("a template gets its values when it is rendered")
        return self.globals


@cache
def environment() -> Environment:
    """The one environment of the process for HTML; undefined names are errors, everything is escaped."""
    return make_environment(autoescape=True)


def make_environment(*, autoescape: bool) -> Environment:
    """An environment with all that templates use; the text of mails alone is not escaped."""
    made = _Environment(
        loader=FileSystemLoader(PROJECT_ROOT / "templates"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"_": translated, "gettext": translated}
    made.filters |= {
        "date": german_date,
        "datetime": german_datetime,
        "deadline": german_deadline,
        "number": german_number,
        "size": german_size,
        "value": with_unit,
        "rounded": rounded_with_unit,
        "period": german_period,
        "tuple": tuple,
        "for_editor": for_editor,
        "markdown": markdown,
        "markdown_inline": markdown_inline,
    }
    made.globals |= {
        "static": static_url,
        "fragment": fragment,
        "label": label,
        "options": options,
        "tone": tone,
        "event_sentence": event_sentence,
        "transition_label": transition_label,
        "example": False,
    }
    return made


def render_template(name: str, context: Mapping[str, Any]) -> str:
    """The page as HTML."""
    return environment().get_template(name).render(context)


def fragment(template: str, /, **values: Hashable) -> Markup:
    """A piece of a page that depends on nothing but these values: rendered once for each set of them, and kept.

    The template sees only what it is given (an undefined name is an error), so no reader gets another's.
    """
    return _fragment(template, tuple((key, type(value), value) for key, value in values.items()))


class Holes:
    """What a kept page leaves open, because it belongs to one request alone: a form's token, and ids made for forms.

    While the page is rendered, a mark that no reader can know stands in each place.
    """

    def __init__(self) -> None:
        self._ids = count(1)

    @property
    def token(self) -> str:
        """Where the reader's form token goes."""
        return f"{_MARK}0000"

    def new_id(self) -> str:
        """Where a new id goes: the same one wherever this mark stands."""
        return f"{_MARK}{next(self._ids):04}"


class KeptPage:
    """A rendered page with its holes, as bytes."""

    def __init__(self, html: str) -> None:
        self._pieces = [piece.encode() for piece in _HOLE.split(html)]

    def fill(self, token: str, new_id: Callable[[], object]) -> bytes:
        """The page of one request: its reader's token, and an id of its own in each place for one."""
        values = {_TOKEN: token.encode()}
        pieces = self._pieces.copy()
        for place in range(1, len(pieces), 2):
            hole = pieces[place]
            if hole not in values:
                values[hole] = str(new_id()).encode()
            pieces[place] = values[hole]
        return b"".join(pieces)


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def _fragment(template: str, values: tuple[tuple[str, type, Hashable], ...]) -> Markup:
    return Markup(environment().get_template(template).render({key: value for key, _type, value in values}))


def translated(sentence: str, **values: object) -> Markup:
    """A visible sentence in the language of the interface, its values escaped; each page says some sixty of them."""
    return _sentence(sentence) if not values else Markup(i18n._(sentence)) % values


@cache
def _sentence(sentence: str) -> Markup:
    return Markup(i18n._(sentence)) % {}


def german_number(value: float | None, digits: int | None = None) -> str:
    """3.699 or 33,8; nothing for None."""
    if value is None:
        return ""
    shown = f"{value:,.{digits}f}" if digits is not None else f"{value:,}"
    return shown.replace(",", "\N{NULL}").replace(".", ",").replace("\N{NULL}", ".")


def german_size(size: int) -> str:
    """How large a file is: 3 KB, 1,4 MB."""
    if size < 1_000_000:
        return f"{german_number(max(1, round(size / 1000)))} KB"
    return f"{german_number(size / 1_000_000, 1)} MB"


def markdown(text: str | None) -> Markup:
    """Restricted Markdown (paragraphs, bold, italic, links, footnotes) as safe HTML."""
    return _paragraphs(text or "")


def markdown_inline(text: str | None) -> Markup:
    """The same without the surrounding paragraph."""
    return _words(text or "")


@lru_cache(maxsize=_TEXTS_KEPT)
def _paragraphs(text: str) -> Markup:
    return _cleaned(parser().render(text))


@lru_cache(maxsize=_TEXTS_KEPT)
def _words(text: str) -> Markup:
    return _cleaned(parser().renderInline(text))


def _cleaned(html: str) -> Markup:
    return Markup(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
        )
    )


def static_url(name: str) -> str:
    """The address of a built file; the plain name where the front end has not been built."""
    return f"/static/{_manifest().get(name, name)}"


@cache
def _manifest() -> dict[str, str]:
    file = Path(STATIC_DIRECTORY) / "manifest.json"
    if not file.exists():
        return {}
    built: dict[str, str] = json.loads(file.read_text())
    return built
