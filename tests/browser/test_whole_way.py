"""The whole way in a browser, through the pages alone: from a need to a verified measure that everybody reads."""

from __future__ import annotations

from tests.browser.people import BODY, EMAIL, PEOPLE, Scene, day, let_days_pass

NEED = "Zwischen Sprachkurs und Anschluss vergehen Monate"
PROPOSAL = "Beratung vor dem Ende des Kurses"
TITLE = "Übergänge nach dem Sprachkurs gestalten"
MEASURE = "Beratungsstellen in jedem Kreis"
TEXT = {
    "Situationsbeschreibung": ("Der Anschluss hängt vom Zufall ab.",),
    "Empfehlung": ("a) Die Länder sollten eine Beratung verankern.", "Betriebe sollten sich beteiligen."),
}
PUBLISHED_ORDER = (
    "Die Länder sollten eine Beratung verankern.",
    "Rechtlich nicht bindend.",
    "Land Beispiel Zugesagt",
    "Stand der Umsetzung",
    "Umgesetzt",
    MEASURE,
    "Der Anschluss hängt vom Zufall ab.",
    "Ergebnis der Beschlussfassung",
    "Sondervotum",
    "Wir hätten b gestrichen.",
)


def test_from_a_need_to_a_verified_measure(scene: Scene) -> None:
    a_need_and_a_proposal_are_posted(scene)
    the_chair_screens_them(scene)
    a_text_is_drafted(scene)
    the_chair_adopts_the_proposal(scene)
    a_land_is_asked_and_answered(scene)
    the_body_decides(scene)
    the_office_adopts_and_publishes(scene)
    the_land_commits_and_reports(scene)
    somebody_else_verifies(scene)
    everybody_reads_it(scene)
    assert scene.wrong == []


def a_need_and_a_proposal_are_posted(scene: Scene) -> None:
    member = scene.member
    member.tasks()
    member.sign_in(EMAIL)
    member.reads("Im Moment wartet nichts auf Sie.")
    member.follow("Nachsehen, was es in den Gremien Neues gibt")
    member.follow(BODY)
    member.follow("Bedarf melden")
    member.press("Einreichen", 422)
    member.reads("Bitte prüfen Sie Ihre Eingaben")
    member.fill("Überschrift", NEED)
    member.fill("Was fehlt, für wen", "Wer im Juni fertig wird, beginnt im Oktober.")
    member.press("Einreichen")
    member.reads(NEED, "Eingereicht")
    member.follow("Vorschlag dazu machen")
    member.fill("Überschrift", PROPOSAL)
    member.fill("Ihr Vorschlag", "Vier Wochen vor Kursende berät eine Stelle, wie es weitergeht.")
    member.press("Einreichen")
    member.reads(PROPOSAL, NEED)


def the_chair_screens_them(scene: Scene) -> None:
    chair = scene.chair
    chair.tasks()
    chair.follow("Eingereichte Bedarfe")
    chair.follow(NEED)
    chair.press("Bedarf aufnehmen")
    chair.reads("Aufgenommen")
    chair.go_to("Was ist zu tun?")
    chair.follow("Eingereichte Vorschläge")
    chair.follow(PROPOSAL)
    chair.press("Beratung beginnen")


def a_text_is_drafted(scene: Scene) -> None:
    rapporteur = scene.rapporteur
    rapporteur.tasks()
    rapporteur.go_to("Gremien")
    rapporteur.follow(BODY)
    rapporteur.follow("Empfehlung entwerfen")
    rapporteur.fill("Titel", TITLE)
    for choice in ("Land Beispiel", NEED, PROPOSAL):
        rapporteur.choose(choice)
    rapporteur.press("Anlegen und Text schreiben")
    for part, paragraphs in TEXT.items():
        rapporteur.write(part, *paragraphs)
    rapporteur.press("Als neue Fassung speichern")
    rapporteur.reads("Die Länder sollten eine Beratung verankern.", "Rechtlich nicht bindend.")
    rapporteur.press("Ins Gremium geben")
    rapporteur.follow("Fassungen")


def the_chair_adopts_the_proposal(scene: Scene) -> None:
    chair = scene.chair
    chair.tasks()
    chair.follow("Vorschläge in Beratung")
    chair.follow(PROPOSAL)
    chair.unfold("Übernehmen")
    chair.fill("Antwort an die Verfasserin", "Er steht jetzt in Absatz a.")
    chair.choose("Absatz 2: Die Länder sollten")
    chair.press("Übernehmen")
    chair.reads("Er steht jetzt in Absatz a.")


def a_land_is_asked_and_answered(scene: Scene) -> None:
    chair, land, rapporteur = scene.chair, scene.land, scene.rapporteur
    chair.go_to("Empfehlungen")
    chair.follow(TITLE)
    chair.unfold("Stellungnahmeverfahren eröffnen")
    chair.select("Wer wird gefragt?", "Länder und Kommunen")
    chair.fill("Letzter Tag", day(scene.service, 35))
    chair.press("Stellungnahmeverfahren eröffnen")
    chair.reads("Das Stellungnahmeverfahren läuft.")
    land.tasks()
    land.reads("Stellung nehmen, eine Seite")
    land.follow(TITLE)
    land.fill("Text der Stellungnahme", "Bitte nennen Sie auch Teilzeitkurse.")
    land.choose("Veröffentlichung zugestimmt")
    land.press("Stellungnahme senden")
    land.reads("Bitte nennen Sie auch Teilzeitkurse.")
    let_days_pass(scene.service, 40)
    rapporteur.tasks()
    rapporteur.reads("Eine Stellungnahme beantworten")
    rapporteur.follow(TITLE)
    rapporteur.follow("Auswerten")
    rapporteur.choose("Zum Beantworten auswählen")
    rapporteur.choose("Übernommen")
    rapporteur.fill("Begründung", "Gemeint sind alle Kurse.")
    rapporteur.press("Antwort speichern")
    rapporteur.reads("Gemeint sind alle Kurse.")


def the_body_decides(scene: Scene) -> None:
    chair, objector = scene.chair, scene.objector
    chair.tasks()
    chair.follow(TITLE)
    chair.unfold("Beschlussfassung eröffnen")
    chair.press("Beschlussfassung eröffnen")
    chair.reads("Über den Text beschließt das Gremium.")
    for voter in (scene.chair, scene.rapporteur, scene.member, objector):
        voter.tasks()
        if voter is scene.member:
            voter.sign_in(EMAIL)
        voter.reads("Abstimmen, eine Seite")
        voter.follow(TITLE)
        if voter is objector:
            voter.choose("Ablehnung")
            voter.fill("Begründung", "Absatz b geht zu weit.")
        else:
            voter.choose("Zustimmung")
        voter.press("Position abgeben")
        voter.reads("Festgehalten ist:")
    objector.unfold("Sondervotum einreichen für")
    objector.fill("Wortlaut Ihres Sondervotums", "Wir hätten b gestrichen.")
    objector.press("Sondervotum einreichen")
    objector.reads("Wir hätten b gestrichen.")
    let_days_pass(scene.service, 15)
    chair.tasks()
    chair.reads("Ergebnis der Beschlussfassung feststellen")
    chair.follow(TITLE)
    chair.press("Beschluss feststellen und an die Geschäftsstelle geben")
    chair.follow("Beschluss")
    chair.reads("Ergebnis der Beschlussfassung", "Positionen nach Sitzen")


def the_office_adopts_and_publishes(scene: Scene) -> None:
    office = scene.office
    office.tasks()
    office.reads("Prüfen und Mitzeichnung einholen")
    office.follow(TITLE)
    office.press("Zur Verabschiedung vorlegen")
    let_days_pass(scene.service, 16)
    office.tasks()
    office.follow(TITLE)
    office.unfold("Verabschiedung eintragen")
    office.fill("Wer hat verabschiedet?", "Steuerungsgruppe")
    office.fill("Tag des Beschlusses", day(scene.service))
    office.fill("Fundstelle des Beschlusses", "Sitzung 1/26, TOP 3")
    office.press("Verabschiedung eintragen")
    office.reads("Verabschiedet")
    office.tasks()
    office.follow(TITLE)
    office.unfold("Veröffentlichen")
    office.press("Veröffentlichen")
    office.reads("Veröffentlicht am")
    office.go_to("Übersicht")


def the_land_commits_and_reports(scene: Scene) -> None:
    land = scene.land
    land.tasks()
    land.reads("Rückmeldung geben")
    land.follow(TITLE)
    land.unfold("Antworten")
    land.choose("Zugesagt")
    land.press("Antwort veröffentlichen")
    land.reads("Zugesagt")
    land.follow("Maßnahme eintragen")
    land.fill("Maßnahme", MEASURE)
    land.select("Verantwortliche Organisation", "Land Beispiel")
    land.field("Teil der Empfehlung").select_option(value="a")
    land.press("Maßnahme eintragen")
    land.reads(MEASURE)
    land.press("Umsetzung beginnen")
    let_days_pass(scene.service, 340)
    land.tasks()
    land.reads("Sachstand berichten")
    land.follow(MEASURE)
    land.follow("Über den Sachstand berichten")
    land.fill("Was ist erreicht", "Alle Stellen arbeiten.")
    land.fill("Stand vom", day(scene.service))
    land.select("Art", "Praxis")
    land.fill("Quelle", "Jahresbericht des Landes")
    land.choose("Die Maßnahme ist damit umgesetzt.")
    land.press("Bericht einreichen")
    land.reads("Als umgesetzt gemeldet", "Alle Stellen arbeiten.")


def somebody_else_verifies(scene: Scene) -> None:
    verifier = scene.verifier
    verifier.tasks()
    verifier.reads("Gemeldete Umsetzung prüfen und bestätigen")
    verifier.follow(MEASURE)
    verifier.press("Umsetzung bestätigen")
    verifier.reads("Umsetzung bestätigt")


def everybody_reads_it(scene: Scene) -> None:
    public = scene.public
    public.open("/")
    public.go_to("Empfehlungen")
    public.follow(TITLE)
    public.reads(TITLE)
    rest = " ".join(public.main.inner_text().split())
    for text in PUBLISHED_ORDER:
        before, found, rest = rest.partition(text)
        assert found, f"„{text}“ folgt nicht auf: {before}"
    assert not [name for name in PEOPLE.values() if name in public.page.content()]
    public.follow("So wurde beraten")
    public.reads(NEED, PROPOSAL)
    assert not [name for name in PEOPLE.values() if name in public.page.content()]
    public.go_to("Umsetzung")
    public.follow(TITLE)
    public.follow(MEASURE)
    public.reads("Alle Stellen arbeiten.", "Jahresbericht des Landes")
