"""How many notifications are unread, as a page says it; from a hundred on nobody needs the figure."""

from __future__ import annotations

from app.i18n import _, ngettext

SAID_AT_MOST = 99


def unread_figure(unread: int) -> str:
    """The number beside „Mitteilungen“; empty where there is nothing."""
    if not unread:
        return ""
    return str(unread) if unread <= SAID_AT_MOST else f"{SAID_AT_MOST}+"


def unread_label(unread: int) -> str:
    """The same in words, for who does not see the number."""
    if not unread:
        return _("keine ungelesenen Mitteilungen")
    if unread > SAID_AT_MOST:
        return _("mehr als {number} ungelesene Mitteilungen").format(number=SAID_AT_MOST)
    said = ngettext("eine ungelesene Mitteilung", "{number} ungelesene Mitteilungen", unread)
    return said.format(number=unread)
