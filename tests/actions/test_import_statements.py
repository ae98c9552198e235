"""Real consultations become needs of a body, all or nothing, and twice changes nothing."""

import csv
import io
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from app.actions.import_statements import REASON_DECLINED
from app.actions.needs import transition_need
from app.cli.main import main
from app.config import Settings
from app.domain.needs import NeedState
from app.errors import Invalid
from app.forms.needs import NeedTransition
from app.forms.statement_file import COLUMNS, read_statements
from app.models.needs import Need
from app.models.record import Event, RecordText
from app.queries.record import verify_record
from tests.factories import World

FOLDER = Path(__file__).parent.parent / "data" / "klimarat"
ROW = ["1651744336822", "Thu May 05", "7", "42", "29", "4", "1", "Wärme soll lokal eingespeist werden können."]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> object:
    """Call the command line on the test's database."""
    monkeypatch.setenv("DIALOGFORUM_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DIALOGFORUM_SECRET_KEY", settings.secret_key)
    return lambda file, slug: main(["import", "statements", str(file), "--body", slug])


def written(path: Path, *rows: list[str], header: tuple[str, ...] = COLUMNS, encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([list(header), *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def row(**changed: str) -> list[str]:
    return [changed.get(name.replace("-", "_"), value) for name, value in zip(COLUMNS, ROW, strict=True)]


def test_a_real_consultation_is_taken_in_once(run, world: World, session: Session, capsys) -> None:  # type: ignore[no-untyped-def]
    body = world.body()
    assert run(FOLDER / "energie.csv", body.slug) == 0
    assert "1.039 neue Bedarfe" in capsys.readouterr().out
    states = dict(session.exec(select(Need.state, func.count()).group_by(Need.state)).all())
    assert states == {NeedState.DECLINED: 524, NeedState.SUBMITTED: 515}
    events = session.exec(select(func.count()).select_from(Event).where(Event.type == "need.imported")).one()
    reasons = session.exec(select(RecordText.text).where(RecordText.field == "reason")).all()
    assert (events, len(reasons), set(reasons)) == (1039, 524, {REASON_DECLINED})
    need = session.exec(select(Need).where(col(Need.source_key).endswith(":1651744336822:1037"))).one()
    assert (need.source_author, need.author_id, need.title) == (
        "0",
        None,
        'In bestehenden Fern/Nahwärmenetzen soll es die Möglichkeit geben, "eigene" Wärme',
    )
    assert list(verify_record(session)) == []
    session.rollback()
    assert run(FOLDER / "energie.csv", body.slug) == 0
    assert "0 neue Bedarfe" in capsys.readouterr().out
    assert session.exec(select(func.count()).select_from(Need)).one() == 1039


def test_a_statement_forwarded_elsewhere_is_still_known(run, world: World, session: Session, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    body, other = world.body(), world.body()
    secretariat = world.secretariat()
    file = written(tmp_path / "eine.csv", ROW)
    assert run(file, body.slug) == 0
    need = session.exec(select(Need)).one()
    form = NeedTransition(transition="forward", reason="Zuständig", body_id=other.id)
    transition_need(session, need.id, form, actor=world.actor(secretariat, session))
    session.commit()
    assert run(file, body.slug) == 0
    assert run(file, other.slug) == 0
    assert session.exec(select(func.count()).select_from(Need)).one() == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([ROW, row(timestamp="gestern")], "Datensatz 2 (Zeile 3): In timestamp"),
        ([row(comment_body="Zwei\nZeilen"), row(comment_id="8", moderated="2")], "Datensatz 2 (Zeile 4): In moderated"),
        ([row(comment_body="  ")], "Datensatz 1 (Zeile 2): Der Text ist leer"),
        ([row(comment_id="-3")], "In comment-id"),
        ([row(timestamp="9" * 18)], "kein Zeitpunkt"),
        ([row(author_id="")], "In author-id"),
        ([ROW[:-1]], "7 Felder statt 8"),
        ([[*ROW, "mehr"]], "9 Felder statt 8"),
        ([ROW, row(comment_body="Anders")], "kommen schon mit einem anderen Text vor"),
    ],
)
def test_a_broken_row_is_named_and_nothing_is_taken_in(  # type: ignore[no-untyped-def]
    run, world: World, session: Session, tmp_path: Path, capsys, rows: list[list[str]], says: str
) -> None:
    body = world.body()
    assert run(written(tmp_path / "kaputt.csv", *rows), body.slug) == 1
    refused = capsys.readouterr()
    assert says in refused.err
    assert refused.err.startswith("dialogforum: kaputt.csv")
    assert refused.err.count("\n") == 1
    assert refused.out == ""
    assert session.exec(select(func.count()).select_from(Need)).one() == 0


def test_a_wrong_file_is_named_and_nothing_is_taken_in(  # type: ignore[no-untyped-def]
    run, world: World, session: Session, tmp_path: Path, capsys
) -> None:
    body = world.body()
    columns = written(tmp_path / "spalten.csv", ROW, header=(*COLUMNS[:-1], "text"))
    latin = written(tmp_path / "latin.csv", ROW, ROW, encoding="latin-1")
    utf16 = written(tmp_path / "utf16.csv", ROW, encoding="utf-16")
    empty = tmp_path / "leer.csv"
    empty.write_bytes(b"")
    quote = tmp_path / "zitat.csv"
    quote.write_text(",".join(COLUMNS) + "\n" + ",".join(ROW[:-1]) + ',"offen\n', encoding="utf-8")
    said = []
    for file in (columns, latin, utf16, empty, quote, tmp_path / "fehlt.csv"):
        assert run(file, body.slug) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        said.append(error)
    expected = [
        "Es fehlt: comment-body. Unbekannt: text.",
        "Datensatz 1 (Zeile 2)",
        "UTF-8",
        "leer",
        "Datensatz 1",
        "nicht lesbar (es gibt sie nicht)",
    ]
    assert all(part in error for part, error in zip(expected, said, strict=True)), said
    assert run(written(tmp_path / "gut.csv", ROW), "gibt-es-nicht") == 1
    assert "gibt-es-nicht" in capsys.readouterr().err
    assert session.exec(select(func.count()).select_from(Need)).one() == 0


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kurz", "Kurz"),
        ("x" * 200, "x" * 80),
        ("a" * 79 + " bcd", "a" * 79),
        ("a" * 80 + " bcd", "a" * 80),
        ("Erste Zeile\nzweite Zeile", "Erste Zeile zweite Zeile"),
        ("wort " * 30, ("wort " * 16).strip()),
    ],
)
def test_a_title_ends_at_a_words_end(tmp_path: Path, text: str, title: str) -> None:
    content = written(tmp_path / "titel.csv", row(comment_body=text)).read_bytes()
    assert read_statements(content, "titel.csv")[0].title == title


def test_the_same_number_recurs_in_another_file(run, world: World, session: Session) -> None:  # type: ignore[no-untyped-def]
    body = world.body()
    for name in ("energie", "produktion-konsum"):
        assert run(FOLDER / f"{name}.csv", body.slug) == 0
    assert session.exec(select(func.count()).select_from(Need)).one() == 1039 + 522


def test_a_byte_of_another_encoding_is_named_by_its_record_within_quotation_marks_too(tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    written(
        file,
        row(comment_body='Erster, "ohne"'),
        row(comment_id="8", comment_body='Zweiter, "mit" Größe'),
        encoding="latin-1",
    )
    with pytest.raises(Invalid) as refused:
        read_statements(file.read_bytes(), file.name)
    assert "Datensatz 2 (Zeile 3): Die Datei ist nicht in UTF-8" in refused.value.detail
