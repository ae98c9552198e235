"""Refuse every change to events, versions and kept texts in the database itself; a text can only be emptied."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMMUTABLE = ("event", "version", "version_block", "version_addressee")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table in IMMUTABLE:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
    # INSERT OR REPLACE deletes without firing a DELETE trigger, so an insert over an existing key is refused.
    for table, same in (
        ("event", "id = NEW.id OR (subject_id = NEW.subject_id AND sequence = NEW.sequence)"),
        ("version", "id = NEW.id OR (recommendation_id = NEW.recommendation_id AND number = NEW.number)"),
        ("version_block", "version_id = NEW.version_id AND position = NEW.position"),
        ("version_addressee", "version_id = NEW.version_id AND organisation_id = NEW.organisation_id"),
        ("record_text", "id = NEW.id"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never replaced'); END"
        )
    op.execute(
        "CREATE TRIGGER record_text_no_delete BEFORE DELETE ON record_text "
        "BEGIN SELECT RAISE(ABORT, 'record_text is never deleted'); END"
    )
    op.execute(
        "CREATE TRIGGER record_text_only_redacted BEFORE UPDATE ON record_text "
        "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.redacted_at IS NULL OR NEW.id IS NOT OLD.id "
        "OR NEW.digest IS NOT OLD.digest OR NEW.owner_id IS NOT OLD.owner_id OR NEW.field IS NOT OLD.field "
        "OR NEW.owner_type IS NOT OLD.owner_type OR NEW.created_at IS NOT OLD.created_at "
        "BEGIN SELECT RAISE(ABORT, 'record_text is only ever redacted'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION only_redact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.text IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.redacted_at IS NULL "
        "OR NEW.id IS DISTINCT FROM OLD.id OR NEW.digest IS DISTINCT FROM OLD.digest "
        "OR NEW.owner_id IS DISTINCT FROM OLD.owner_id OR NEW.field IS DISTINCT FROM OLD.field "
        "OR NEW.owner_type IS DISTINCT FROM OLD.owner_type OR NEW.created_at IS DISTINCT FROM OLD.created_at "
        "THEN RAISE EXCEPTION 'record_text is only ever redacted'; END IF; RETURN NEW; END $$"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in (*IMMUTABLE, "record_text"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER record_text_no_delete BEFORE DELETE ON record_text "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER record_text_only_redacted BEFORE UPDATE ON record_text "
        "FOR EACH ROW EXECUTE FUNCTION only_redact()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in IMMUTABLE:
            for verb in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        for name in ("no_replace", "no_delete", "only_redacted"):
            op.execute(f"DROP TRIGGER record_text_{name}")
        return
    for table in IMMUTABLE:
        op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    for table in (*IMMUTABLE, "record_text"):
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP TRIGGER record_text_no_delete ON record_text")
    op.execute("DROP TRIGGER record_text_only_redacted ON record_text")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION only_redact()")
