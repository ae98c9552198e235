"""The mails about a seat that is offered to an organisation."""

from __future__ import annotations

from app.i18n import _


def nomination_asked(
    *, name: str, body: str, organisation: str, voting: bool, address: str, until: str
) -> dict[str, str]:
    """The offer of a seat, with the link that works once."""
    kind = _("mit Stimmrecht") if voting else _("beratend, ohne Stimmrecht")
    return {
        "subject": _("Bitte um Benennung: Sitz im Gremium „{body}“").format(body=body),
        "text": _(
            "Guten Tag {name},\n\n"
            "die Geschäftsstelle des Dialogforums bietet Ihrer Organisation ({organisation}) einen Sitz im Gremium "
            "„{body}“ an ({kind}). Bitte benennen Sie ein Mitglied und, wenn Sie möchten, eine Stellvertretung, "
            "oder sagen Sie den Sitz mit einer Begründung ab:\n\n"
            "{address}\n\n"
            "Der Link gilt bis zum {until} und kann einmal verwendet werden. Das Öffnen allein löst nichts aus. "
            "Sie brauchen dafür kein Benutzerkonto.\n\n"
            "Mit freundlichen Grüßen\n"
            "Ihre Geschäftsstelle\n"
        ).format(name=name, organisation=organisation, body=body, kind=kind, address=address, until=until),
    }


def nomination_answered(*, body: str, organisation: str, declined: bool, address: str) -> dict[str, str]:
    """What the Geschäftsstelle is told: who answered, not what was said."""
    subject = _("Sitz abgesagt: {organisation}") if declined else _("Person benannt: {organisation}")
    text = (
        _("Die Organisation „{organisation}“ hat ihren Sitz im Gremium „{body}“ abgesagt.\n\n{address}\n")
        if declined
        else _("Die Organisation „{organisation}“ hat für ihren Sitz im Gremium „{body}“ benannt.\n\n{address}\n")
    )
    return {
        "subject": subject.format(organisation=organisation),
        "text": text.format(organisation=organisation, body=body, address=address),
    }


def seated(*, name: str, body: str, organisation: str, role: str, address: str) -> dict[str, str]:
    """What a person with an account is told who now sits in a body."""
    return {
        "subject": _("Ihr Sitz im Gremium „{body}“").format(body=body),
        "text": _(
            "Guten Tag {name},\n\n"
            "Sie gehören ab heute dem Gremium „{body}“ an, für {organisation} ({role}).\n\n{address}\n"
        ).format(name=name, body=body, organisation=organisation, role=role, address=address),
    }


def seated_and_invited(*, name: str, body: str, organisation: str, role: str, address: str) -> dict[str, str]:
    """What a person is told who was named for a seat and has no account yet."""
    return {
        "subject": _("Einladung ins Dialogforum: Ihr Sitz im Gremium „{body}“").format(body=body),
        "text": _(
            "Guten Tag {name},\n\n"
            "{organisation} hat Sie für das Gremium „{body}“ des Dialogforums benannt ({role}). Bitte richten Sie "
            "hier Ihren Zugang ein:\n\n"
            "{address}\n\n"
            "Der Link gilt sieben Tage und nur einmal. Danach schickt Ihnen die Geschäftsstelle gern einen neuen.\n"
        ).format(name=name, body=body, organisation=organisation, role=role, address=address),
    }
