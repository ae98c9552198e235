"""A mail as it travels, made when it is handed over: text and HTML of one template. It never writes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from functools import cache
from typing import Any, Final

from jinja2 import Environment
from sqlmodel import Session

from app.actions.mail import host_of
from app.config import Settings
from app.documents.mail_contents import content_of
from app.i18n import _
from app.models.outbox import OutgoingMail
from app.templating import environment, make_environment

_WIDTH: Final = 72
_PARTS: Final = {"text": "mails/parts_text.html", "html": "mails/parts_html.html"}


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is never folded: a long word without spaces would be encoded, and no program read it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("References", "In-Reply-To", "List-Unsubscribe"):
    _HEADERS.map_to_type(_name, _Whole)
_POLICY: Final = EmailPolicy(header_factory=_HEADERS)


def render_mail(session: Session, mail: OutgoingMail, settings: Settings) -> EmailMessage | None:
    """The mail with what its reader may see now; None where nothing is left to say.

    Its Message-ID is the same at every attempt. Whatever its template or data lack is raised.
    """
    content = content_of(session, mail, settings)
    if content is None:
        return None
    message = EmailMessage(_POLICY)
    subject, text, html = _rendered(mail.template, content.data, settings)
    _address(message, mail, settings, subject)
    _thread(message, content.thread_id or mail.thread_id, settings)
    if content.unsubscribe_path:
        message["List-Unsubscribe"] = f"<{settings.base_url}{content.unsubscribe_path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # The text goes as it is (8bit): an encoded line could be broken in the middle of a link.
    message.set_content(text, cte="8bit")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for file in content.calendar:
        # As bytes: as text its line ends, which a calendar wants as CRLF, would be made those of a mail.
        message.add_attachment(
            file.content,
            maintype="text",
            subtype="calendar",
            filename=file.name,
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    return message


def _address(message: EmailMessage, mail: OutgoingMail, settings: Settings, subject: str) -> None:
    message["From"] = settings.mail_from
    message["To"] = mail.address
    message["Subject"] = subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "de"


def _thread(message: EmailMessage, thread_id: str | None, settings: Settings) -> None:
    """Mails of one thread name one Message-ID, which no mail bears: so the first needn't be known or have arrived."""
    if thread_id:
        thread = f"<{thread_id}@{host_of(settings.base_url)}>"
        message["In-Reply-To"] = thread
        message["References"] = thread


def _rendered(template: str, data: Mapping[str, Any], settings: Settings) -> tuple[str, str, str]:
    def link(path: str) -> str:
        return f"{settings.base_url}{path}"

    name = f"mails/{template}.html"
    plain = _text_environment().get_template(name).render({**data, "link": link, "parts": _PARTS["text"]})
    subject, _nothing, text = _tidy(plain).partition("\n")
    html = environment().get_template(name).render({**data, "link": link, "parts": _PARTS["html"]})
    return " ".join(subject.split()), text.lstrip("\n"), html.strip() + "\n"


@cache
def _text_environment() -> Environment:
    made = make_environment(autoescape=False)
    made.globals |= {"_": _in_words, "gettext": _in_words}
    made.filters |= {"fill": _filled}
    return made


def _in_words(sentence: str, **values: object) -> str:
    return _(sentence) % values


def _filled(text: object, indent: int = 0) -> str:
    """Lines of at most 72 characters; a word that is longer, such as a link, stays whole."""
    return textwrap.fill(
        " ".join(str(text).split()) if not indent else str(text),
        _WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _tidy(text: str) -> str:
    """No spaces at line ends but those of the line before a signature, and at most one empty line in a row."""
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).replace("\n-- \n\n", "\n-- \n").strip() + "\n"
