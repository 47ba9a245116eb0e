"""The first schema: tables of all rooms, and the database rules that are no columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FUNCTIONS = ["application_state_steps", "ceremony_state_steps", "claim_state_steps", "class_member_after_the_seed", "exam_admission_state_steps", "exam_recheck_state_steps", "exam_session_state_steps", "notice_state_steps", "paper_state_steps", "placement_state_steps", "refuse_change", "run_state_steps", "transfer_request_state_steps"]

RULES = [
    """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'raise_exception';
    END $$
    """,
    """
    CREATE TRIGGER access_row_rows_stay BEFORE UPDATE OR DELETE ON access_row FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER access_row_stays BEFORE TRUNCATE ON access_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_row_rows_stay BEFORE UPDATE OR DELETE ON audit_row FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_row_stays BEFORE TRUNCATE ON audit_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_unit_rows_stay BEFORE UPDATE OR DELETE ON exam_unit FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_unit_stays BEFORE TRUNCATE ON exam_unit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION run_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['approved>checked', 'approved>published', 'approved>withdrawn', 'checked>approved', 'checked>withdrawn', 'failed>running', 'failed>withdrawn', 'frozen>running', 'frozen>withdrawn', 'running>checked', 'running>failed', 'running>frozen']) THEN
            RAISE EXCEPTION 'run.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS run_state_steps ON run
    """,
    """
    CREATE TRIGGER run_state_steps BEFORE UPDATE OF state ON run FOR EACH ROW EXECUTE FUNCTION run_state_steps()
    """,
    """
    CREATE TRIGGER waiting_move_rows_stay BEFORE UPDATE OR DELETE ON waiting_move FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER waiting_move_stays BEFORE TRUNCATE ON waiting_move FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER wechat_login_rows_stay BEFORE UPDATE OR DELETE ON wechat_login FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER wechat_login_stays BEFORE TRUNCATE ON wechat_login FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER window_closing_rows_stay BEFORE UPDATE OR DELETE ON window_closing FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER window_closing_stays BEFORE TRUNCATE ON window_closing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER approval_rows_stay BEFORE UPDATE OR DELETE ON approval FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER approval_stays BEFORE TRUNCATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION ceremony_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['announced>revealing', 'revealing>waiting', 'waiting>concluded']) THEN
            RAISE EXCEPTION 'ceremony.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS ceremony_state_steps ON ceremony
    """,
    """
    CREATE TRIGGER ceremony_state_steps BEFORE UPDATE OF state ON ceremony FOR EACH ROW EXECUTE FUNCTION ceremony_state_steps()
    """,
    """
    CREATE TRIGGER class_move_proposal_rows_stay BEFORE UPDATE OR DELETE ON class_move_proposal FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_move_proposal_stays BEFORE TRUNCATE ON class_move_proposal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_plan_rows_stay BEFORE UPDATE OR DELETE ON class_plan FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_plan_stays BEFORE TRUNCATE ON class_plan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_team_drawn_rows_stay BEFORE UPDATE OR DELETE ON class_team_drawn FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_team_drawn_stays BEFORE TRUNCATE ON class_team_drawn FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_witness_call_rows_stay BEFORE UPDATE OR DELETE ON class_witness_call FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_witness_call_stays BEFORE TRUNCATE ON class_witness_call FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER consent_rows_stay BEFORE UPDATE OR DELETE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER consent_stays BEFORE TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER disclosure_publication_rows_stay BEFORE UPDATE OR DELETE ON disclosure_publication FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER disclosure_publication_stays BEFORE TRUNCATE ON disclosure_publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_floor_rows_stay BEFORE UPDATE OR DELETE ON exam_floor FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_floor_stays BEFORE TRUNCATE ON exam_floor FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION exam_recheck_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['asked>changed', 'asked>kept']) THEN
            RAISE EXCEPTION 'exam_recheck.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS exam_recheck_state_steps ON exam_recheck
    """,
    """
    CREATE TRIGGER exam_recheck_state_steps BEFORE UPDATE OF state ON exam_recheck FOR EACH ROW EXECUTE FUNCTION exam_recheck_state_steps()
    """,
    """
    CREATE TRIGGER exam_result_rows_stay BEFORE UPDATE OR DELETE ON exam_result FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_result_stays BEFORE TRUNCATE ON exam_result FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_rules_rows_stay BEFORE UPDATE OR DELETE ON exam_rules FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_rules_stays BEFORE TRUNCATE ON exam_rules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER filing_rows_stay BEFORE UPDATE OR DELETE ON filing FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER filing_stays BEFORE TRUNCATE ON filing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER ledger_entry_rows_stay BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER ledger_entry_stays BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION notice_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['ready>failed', 'ready>sending', 'sending>delivered', 'sending>failed', 'sending>ready', 'sending>sent', 'sending>unknown', 'sent>delivered', 'sent>failed', 'sent>ready', 'unknown>delivered', 'unknown>failed', 'unknown>ready', 'unknown>sending', 'unknown>sent']) THEN
            RAISE EXCEPTION 'notice.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS notice_state_steps ON notice
    """,
    """
    CREATE TRIGGER notice_state_steps BEFORE UPDATE OF state ON notice FOR EACH ROW EXECUTE FUNCTION notice_state_steps()
    """,
    """
    CREATE TRIGGER passed_check_rows_stay BEFORE UPDATE OR DELETE ON passed_check FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER passed_check_stays BEFORE TRUNCATE ON passed_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER rule_book_rows_stay BEFORE UPDATE OR DELETE ON rule_book FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER rule_book_stays BEFORE TRUNCATE ON rule_book FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER sheet_import_rows_stay BEFORE UPDATE OR DELETE ON sheet_import FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER sheet_import_stays BEFORE TRUNCATE ON sheet_import FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER struck_out_rows_stay BEFORE UPDATE OR DELETE ON struck_out FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER struck_out_stays BEFORE TRUNCATE ON struck_out FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION exam_session_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['closed>published', 'listed>closed', 'planned>listed']) THEN
            RAISE EXCEPTION 'exam_session.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS exam_session_state_steps ON exam_session
    """,
    """
    CREATE TRIGGER exam_session_state_steps BEFORE UPDATE OF state ON exam_session FOR EACH ROW EXECUTE FUNCTION exam_session_state_steps()
    """,
    """
    CREATE TRIGGER notice_step_rows_stay BEFORE UPDATE OR DELETE ON notice_step FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER notice_step_stays BEFORE TRUNCATE ON notice_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION application_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['checking>in_review', 'checking>returned', 'checking>verified', 'checking>withdrawn', 'choosing>lapsed', 'choosing>settled', 'choosing>withdrawn', 'confirmed>declined', 'confirmed>enrolled', 'confirmed>placed', 'confirmed>unplaced', 'declined>placed', 'draft>submitted', 'draft>withdrawn', 'enrolled>placed', 'enrolled>recorded', 'frozen>placed', 'frozen>settled', 'frozen>unplaced', 'in_review>rejected', 'in_review>returned', 'in_review>verified', 'in_review>withdrawn', 'lapsed>in_review', 'lapsed>placed', 'placed>confirmed', 'placed>declined', 'placed>enrolled', 'placed>lapsed', 'placed>settled', 'placed>unplaced', 'rejected>in_review', 'returned>in_review', 'returned>lapsed', 'returned>submitted', 'returned>verified', 'returned>withdrawn', 'settled>frozen', 'settled>placed', 'settled>verified', 'settled>withdrawn', 'submitted>checking', 'submitted>withdrawn', 'unplaced>placed', 'unplaced>settled', 'unplaced>withdrawn', 'verified>choosing', 'verified>in_review', 'verified>settled', 'verified>withdrawn']) THEN
            RAISE EXCEPTION 'application.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS application_state_steps ON application
    """,
    """
    CREATE TRIGGER application_state_steps BEFORE UPDATE OF state ON application FOR EACH ROW EXECUTE FUNCTION application_state_steps()
    """,
    """
    CREATE TRIGGER board_version_rows_stay BEFORE UPDATE OR DELETE ON board_version FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER board_version_stays BEFORE TRUNCATE ON board_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION claim_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['disputed>denied', 'disputed>granted', 'waiting>accepted', 'waiting>denied', 'waiting>disputed']) THEN
            RAISE EXCEPTION 'claim.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS claim_state_steps ON claim
    """,
    """
    CREATE TRIGGER claim_state_steps BEFORE UPDATE OF state ON claim FOR EACH ROW EXECUTE FUNCTION claim_state_steps()
    """,
    """
    CREATE TRIGGER conduct_rows_stay BEFORE UPDATE OR DELETE ON conduct FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER conduct_stays BEFORE TRUNCATE ON conduct FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION exam_admission_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['admitted>no-show', 'admitted>reported-in', 'admitted>returned']) THEN
            RAISE EXCEPTION 'exam_admission.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS exam_admission_state_steps ON exam_admission
    """,
    """
    CREATE TRIGGER exam_admission_state_steps BEFORE UPDATE OF state ON exam_admission FOR EACH ROW EXECUTE FUNCTION exam_admission_state_steps()
    """,
    """
    CREATE TRIGGER exam_comparison_rows_stay BEFORE UPDATE OR DELETE ON exam_comparison FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_comparison_stays BEFORE TRUNCATE ON exam_comparison FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_extension_rows_stay BEFORE UPDATE OR DELETE ON exam_extension FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_extension_stays BEFORE TRUNCATE ON exam_extension FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_forecast_rows_stay BEFORE UPDATE OR DELETE ON exam_forecast FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_forecast_stays BEFORE TRUNCATE ON exam_forecast FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_reading_rows_stay BEFORE UPDATE OR DELETE ON exam_reading FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_reading_stays BEFORE TRUNCATE ON exam_reading FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_remark_rows_stay BEFORE UPDATE OR DELETE ON exam_remark FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_remark_stays BEFORE TRUNCATE ON exam_remark FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION paper_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['good>human', 'good>retake', 'human>good', 'human>retake', 'waiting>good', 'waiting>human', 'waiting>retake']) THEN
            RAISE EXCEPTION 'paper.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS paper_state_steps ON paper
    """,
    """
    CREATE TRIGGER paper_state_steps BEFORE UPDATE OF state ON paper FOR EACH ROW EXECUTE FUNCTION paper_state_steps()
    """,
    """
    CREATE TRIGGER application_event_rows_stay BEFORE UPDATE OR DELETE ON application_event FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER application_event_stays BEFORE TRUNCATE ON application_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_member_rows_stay BEFORE UPDATE OR DELETE ON class_member FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_member_stays BEFORE TRUNCATE ON class_member FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION class_member_after_the_seed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM run WHERE run.id = NEW.run_id AND run.kind = 'classes' AND run.ceremony::text <> 'null'
            AND (run.state IN ('running', 'checked') OR run.state = 'published' AND EXISTS (
                SELECT 1 FROM class_move WHERE class_move.run_id = NEW.run_id AND class_move.no = NEW.no
                AND class_move.from_class IS NULL AND class_move.to_class = NEW.number))
        ) THEN
            RAISE EXCEPTION 'nobody is put into a class before the seed is made, nor after the publication without a move'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER class_member_after_the_seed BEFORE INSERT ON class_member FOR EACH ROW EXECUTE FUNCTION class_member_after_the_seed()
    """,
    """
    CREATE TRIGGER class_move_rows_stay BEFORE UPDATE OR DELETE ON class_move FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_move_stays BEFORE TRUNCATE ON class_move FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_signature_rows_stay BEFORE UPDATE OR DELETE ON class_signature FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER class_signature_stays BEFORE TRUNCATE ON class_signature FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER established_facts_rows_stay BEFORE UPDATE OR DELETE ON established_facts FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER established_facts_stays BEFORE TRUNCATE ON established_facts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_closing_rows_stay BEFORE UPDATE OR DELETE ON exam_closing FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_closing_stays BEFORE TRUNCATE ON exam_closing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION transfer_request_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['open>given', 'open>refused', 'open>withdrawn']) THEN
            RAISE EXCEPTION 'transfer_request.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS transfer_request_state_steps ON transfer_request
    """,
    """
    CREATE TRIGGER transfer_request_state_steps BEFORE UPDATE OF state ON transfer_request FOR EACH ROW EXECUTE FUNCTION transfer_request_state_steps()
    """,
    """
    CREATE TRIGGER exam_change_rows_stay BEFORE UPDATE OR DELETE ON exam_change FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exam_change_stays BEFORE TRUNCATE ON exam_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exchange_call_rows_stay BEFORE UPDATE OR DELETE ON exchange_call FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER exchange_call_stays BEFORE TRUNCATE ON exchange_call FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE OR REPLACE FUNCTION placement_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY['confirmed>declined', 'confirmed>superseded', 'declined>superseded', 'drawn>offered', 'drawn>superseded', 'drawn>unplaced', 'lapsed>superseded', 'offered>confirmed', 'offered>declined', 'offered>lapsed', 'offered>superseded', 'unplaced>offered', 'unplaced>superseded']) THEN
            RAISE EXCEPTION 'placement.state may not go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    DROP TRIGGER IF EXISTS placement_state_steps ON placement
    """,
    """
    CREATE TRIGGER placement_state_steps BEFORE UPDATE OF state ON placement FOR EACH ROW EXECUTE FUNCTION placement_state_steps()
    """,
]


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('access_row',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('object_kind', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_row'))
    )
    op.create_index('ix_access_row_object', 'access_row', ['object_kind', 'object_id'], unique=False)
    op.create_table('account',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_index', sa.LargeBinary(), nullable=True),
    sa.Column('wechat_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('wechat_index', sa.LargeBinary(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind IN ('guardian', 'official')", name=op.f('ck_account_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('phone_index', name=op.f('uq_account_phone_index')),
    sa.UniqueConstraint('wechat_index', name=op.f('uq_account_wechat_index'))
    )
    op.create_table('address_unit',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('town', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('longitude', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Integer(), nullable=True),
    sa.CheckConstraint('(longitude IS NULL) = (latitude IS NULL)', name=op.f('ck_address_unit_position')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_address_unit'))
    )
    op.create_index(op.f('ix_address_unit_banner'), 'address_unit', ['banner'], unique=False)
    op.create_table('audit_row',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('object_kind', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_row'))
    )
    op.create_index('ix_audit_row_object', 'audit_row', ['object_kind', 'object_id'], unique=False)
    op.create_table('batch_file',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusals', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint("state IN ('dropped', 'answered', 'overdue')", name=op.f('ck_batch_file_state')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_batch_file'))
    )
    op.create_table('class_pupil_fact',
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('no', sa.String(), nullable=False),
    sa.Column('facts_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_pupil_fact')),
    sa.UniqueConstraint('school', 'year', 'no', name=op.f('uq_class_pupil_fact_school'))
    )
    op.create_table('clock_offset',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_clock_offset_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_offset'))
    )
    op.create_table('conversation',
    sa.Column('person_index', sa.LargeBinary(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('state_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('talked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('wechat', 'sms')", name=op.f('ck_conversation_channel')),
    sa.PrimaryKeyConstraint('person_index', name=op.f('pk_conversation'))
    )
    op.create_table('data_key',
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_data_key'))
    )
    op.create_table('department_line',
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('queue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failing', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('closed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closures', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('department', name=op.f('pk_department_line'))
    )
    op.create_table('exam_candidate',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('exam_index', sa.LargeBinary(), nullable=False),
    sa.Column('exam_number_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('junior', sa.String(), nullable=False),
    sa.Column('school_banner', sa.String(), nullable=False),
    sa.Column('household_banner', sa.String(), nullable=False),
    sa.Column('attends', sa.Boolean(), nullable=False),
    sa.Column('outside', sa.Boolean(), nullable=False),
    sa.Column('fresh', sa.Boolean(), nullable=False),
    sa.Column('enrolled_on', sa.Date(), nullable=True),
    sa.Column('tags', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('subjects', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('ties', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('standing', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_candidate')),
    sa.UniqueConstraint('subject', name=op.f('uq_exam_candidate_subject')),
    sa.UniqueConstraint('year', 'exam_index', name='uq_exam_candidate_number'),
    sa.UniqueConstraint('year', 'position', name='uq_exam_candidate_position')
    )
    op.create_index('ix_exam_candidate_standing', 'exam_candidate', ['year', 'standing'], unique=False)
    op.create_table('exam_former_line',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('former_year', sa.Integer(), nullable=False),
    sa.Column('lowest', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('candidates', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint('place BETWEEN 1 AND candidates', name=op.f('ck_exam_former_line_place')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_former_line')),
    sa.UniqueConstraint('year', 'unit', 'former_year', name='uq_exam_former_line_year')
    )
    op.create_table('exam_junior',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('classes', sa.Integer(), nullable=False),
    sa.Column('pupils', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_junior')),
    sa.UniqueConstraint('year', 'code', name='uq_exam_junior_code')
    )
    op.create_table('exam_score_count',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('many', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', 'banner', 'total', name=op.f('pk_exam_score_count'))
    )
    op.create_table('exam_unit',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('plan', sa.Integer(), nullable=False),
    sa.Column('junior', sa.String(), nullable=True),
    sa.Column('terms', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint('plan >= 0', name=op.f('ck_exam_unit_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_unit')),
    sa.UniqueConstraint('year', 'code', name='uq_exam_unit_code')
    )
    op.create_index('ix_exam_unit_category', 'exam_unit', ['year', 'category'], unique=False)
    op.create_table('follower',
    sa.Column('wechat_index', sa.LargeBinary(), nullable=False),
    sa.Column('follows', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('wechat_index', name=op.f('pk_follower'))
    )
    op.create_table('one_use_code',
    sa.Column('asked_index', sa.LargeBinary(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('code_index', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_use_code'))
    )
    op.create_index('ix_one_use_code_address', 'one_use_code', ['address', 'made_at'], unique=False)
    op.create_index('ix_one_use_code_asked', 'one_use_code', ['asked_index', 'made_at'], unique=False)
    op.create_table('quota_crowd',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('by_choices', sa.Boolean(), nullable=False),
    sa.Column('groups', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('year', 'school', name=op.f('pk_quota_crowd'))
    )
    op.create_table('request_key',
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('route', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('content_type', sa.String(), nullable=True),
    sa.Column('location', sa.String(), nullable=True),
    sa.Column('body_sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('principal', 'route', 'key', name=op.f('pk_request_key'))
    )
    op.create_table('roster_child',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('id_index', sa.LargeBinary(), nullable=False),
    sa.Column('from_school', sa.String(), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('guardian_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_child')),
    sa.UniqueConstraint('year', 'banner', 'id_index', name='uq_roster_child_id')
    )
    op.create_index('ix_roster_child_index', 'roster_child', ['id_index', 'year'], unique=False)
    op.create_table('run',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('rows_count', sa.Integer(), nullable=False),
    sa.Column('input_bytes', sa.LargeBinary(), nullable=False),
    sa.Column('input_sha256', sa.String(), nullable=False),
    sa.Column('book_sha256', sa.String(), nullable=False),
    sa.Column('roster_root', sa.String(), nullable=False),
    sa.Column('office_commitment', sa.String(), nullable=False),
    sa.Column('office_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('salt_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('ceremony', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('output_bytes', sa.LargeBinary(), nullable=True),
    sa.Column('output_sha256', sa.String(), nullable=True),
    sa.Column('check_id', sa.BigInteger(), nullable=True),
    sa.Column('report', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('done_share', sa.Integer(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('frozen_by', sa.Uuid(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('corrects', sa.Uuid(), nullable=True),
    sa.Column('correction_reason', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind <> 'classes' OR state <> 'withdrawn' OR ceremony IS NULL OR ceremony::text = 'null'", name=op.f('ck_run_drawn_once')),
    sa.CheckConstraint("kind IN ('placement', 'draw', 'classes', 'exam-admission')", name=op.f('ck_run_kind')),
    sa.CheckConstraint("state NOT IN ('checked', 'approved', 'published') OR check_id IS NOT NULL", name=op.f('ck_run_checked')),
    sa.ForeignKeyConstraint(['check_id', 'id', 'output_sha256'], ['passed_check.id', 'passed_check.run_id', 'passed_check.output_sha256'], name='fk_run_checked_output', use_alter=True),
    sa.ForeignKeyConstraint(['corrects'], ['run.id'], name=op.f('fk_run_corrects_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run')),
    sa.UniqueConstraint('id', 'check_id', name=op.f('uq_run_id'))
    )
    op.create_index(op.f('ix_run_scope'), 'run', ['scope'], unique=False)
    op.create_table('school',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('conditions', sa.String(), nullable=False),
    sa.Column('school_group', sa.String(), nullable=False),
    sa.Column('longitude', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Integer(), nullable=True),
    sa.CheckConstraint("stage IN ('kindergarten', 'primary', 'junior')", name=op.f('ck_school_stage')),
    sa.CheckConstraint('(longitude IS NULL) = (latitude IS NULL)', name=op.f('ck_school_position')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_school'))
    )
    op.create_index(op.f('ix_school_banner'), 'school', ['banner'], unique=False)
    op.create_table('sms_stop',
    sa.Column('phone_index', sa.LargeBinary(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('phone_index', name=op.f('pk_sms_stop'))
    )
    op.create_table('task',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('queue', sa.String(), nullable=False),
    sa.Column('dedupe_key', sa.String(), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('put_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_fault', sa.String(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gave_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_task_dedupe_key'))
    )
    op.create_index('ix_task_open', 'task', ['queue', 'due_at'], unique=False, postgresql_where=sa.text('done_at IS NULL AND gave_up_at IS NULL'))
    op.create_table('tipoff',
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=True),
    sa.Column('school', sa.String(), nullable=True),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('contact_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('filed', 'answered')", name=op.f('ck_tipoff_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tipoff')),
    sa.UniqueConstraint('receipt', name=op.f('uq_tipoff_receipt'))
    )
    op.create_table('waiting_move',
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_move'))
    )
    op.create_index(op.f('ix_waiting_move_school'), 'waiting_move', ['school'], unique=False)
    op.create_table('wechat_login',
    sa.Column('code_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wechat_login')),
    sa.UniqueConstraint('code_sha256', name=op.f('uq_wechat_login_code_sha256'))
    )
    op.create_table('wechat_token',
    sa.Column('app_id', sa.String(), nullable=False),
    sa.Column('token_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('good_until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('app_id', name=op.f('pk_wechat_token'))
    )
    op.create_table('window_closing',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('receipts', sa.Integer(), nullable=False),
    sa.Column('merkle_root', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_window_closing')),
    sa.UniqueConstraint('banner', 'stage', 'closes_at', name=op.f('uq_window_closing_banner'))
    )
    op.create_table('wx_inbox',
    sa.Column('dedupe_key', sa.LargeBinary(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('reply_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wx_inbox')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_wx_inbox_dedupe_key'))
    )
    op.create_index('ix_wx_inbox_subject', 'wx_inbox', ['subject', 'at'], unique=False)
    op.create_table('wx_nonce',
    sa.Column('nonce', sa.String(), nullable=False),
    sa.Column('timestamp', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wx_nonce')),
    sa.UniqueConstraint('nonce', 'timestamp', name=op.f('uq_wx_nonce_nonce'))
    )
    op.create_index('ix_wx_nonce_at', 'wx_nonce', ['at'], unique=False)
    op.create_table('approval',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('output_sha256', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_approval_account_id_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_approval_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('run_id', 'account_id', name=op.f('uq_approval_run_id'))
    )
    op.create_table('broadcast',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.Uuid(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reached', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('written', 'sending', 'sent', 'dropped')", name=op.f('ck_broadcast_state')),
    sa.CheckConstraint('released_by IS NULL OR released_by <> written_by', name=op.f('ck_broadcast_two_officials')),
    sa.ForeignKeyConstraint(['released_by'], ['account.id'], name=op.f('fk_broadcast_released_by_account')),
    sa.ForeignKeyConstraint(['written_by'], ['account.id'], name=op.f('fk_broadcast_written_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast'))
    )
    op.create_index('ix_broadcast_banner', 'broadcast', ['banner', 'written_at'], unique=False)
    op.create_table('candidate_login',
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('device_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('needs_code', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_candidate_login_candidate_id_exam_candidate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_login'))
    )
    op.create_index(op.f('ix_candidate_login_candidate_id'), 'candidate_login', ['candidate_id'], unique=False)
    op.create_table('ceremony',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('number_name', sa.String(), nullable=True),
    sa.Column('number_source', sa.String(), nullable=True),
    sa.Column('number_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('number_fallback', sa.String(), nullable=True),
    sa.Column('number_text', sa.String(), nullable=True),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('announced_by', sa.Uuid(), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('announced', 'revealing', 'waiting', 'concluded')", name=op.f('ck_ceremony_state')),
    sa.CheckConstraint('(number_name IS NULL) = (number_at IS NULL)', name=op.f('ck_ceremony_number_at')),
    sa.CheckConstraint('(number_name IS NULL) = (number_fallback IS NULL)', name=op.f('ck_ceremony_fallback')),
    sa.ForeignKeyConstraint(['announced_by'], ['account.id'], name=op.f('fk_ceremony_announced_by_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_ceremony_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_ceremony'))
    )
    op.create_table('class_move_proposal',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('no', sa.String(), nullable=False),
    sa.Column('to_class', sa.Integer(), nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_class_move_proposal_proposed_by_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_move_proposal_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_move_proposal'))
    )
    op.create_index(op.f('ix_class_move_proposal_run_id'), 'class_move_proposal', ['run_id'], unique=False)
    op.create_table('class_plan',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('told', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('teams', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_class_plan_published_by_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_plan_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_class_plan'))
    )
    op.create_index(op.f('ix_class_plan_school'), 'class_plan', ['school'], unique=False)
    op.create_table('class_teacher_list',
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('teachers_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['imported_by'], ['account.id'], name=op.f('fk_class_teacher_list_imported_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_teacher_list')),
    sa.UniqueConstraint('school', 'year', name=op.f('uq_class_teacher_list_school'))
    )
    op.create_table('class_team_drawn',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_team_drawn_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_team_drawn')),
    sa.UniqueConstraint('run_id', 'number', name='uq_class_team_drawn_number'),
    sa.UniqueConstraint('run_id', 'team', name='uq_class_team_drawn_team')
    )
    op.create_table('class_witness_call',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('digits', sa.String(), nullable=False),
    sa.Column('called', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('called_by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['called_by'], ['account.id'], name=op.f('fk_class_witness_call_called_by_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_witness_call_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_class_witness_call'))
    )
    op.create_table('consent',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text_sha256', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_consent_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('child_id', 'id', name=op.f('uq_consent_child_id'))
    )
    op.create_table('disclosure_publication',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('book_sha256', sa.String(), nullable=False),
    sa.Column('places_import', sa.Integer(), nullable=False),
    sa.Column('value', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('value_sha256', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_disclosure_publication_published_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_publication'))
    )
    op.create_index('ix_disclosure_publication_banner', 'disclosure_publication', ['banner', 'year'], unique=False)
    op.create_table('exam_floor',
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('floor', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_exam_floor_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('unit_id', name=op.f('pk_exam_floor'))
    )
    op.create_table('exam_phone_change',
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('proof', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('in_force_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> proposed_by', name=op.f('ck_exam_phone_change_two_officials')),
    sa.ForeignKeyConstraint(['approved_by'], ['account.id'], name=op.f('fk_exam_phone_change_approved_by_account')),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_exam_phone_change_candidate_id_exam_candidate')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_exam_phone_change_proposed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_phone_change'))
    )
    op.create_index(op.f('ix_exam_phone_change_candidate_id'), 'exam_phone_change', ['candidate_id'], unique=False)
    op.create_index('uq_exam_phone_change_waits', 'exam_phone_change', ['candidate_id'], unique=True, postgresql_where=sa.text('in_force_at IS NULL'))
    op.create_table('exam_recheck',
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('before', sa.Integer(), nullable=False),
    sa.Column('after', sa.Integer(), nullable=True),
    sa.Column('finding', sa.String(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'kept', 'changed')", name=op.f('ck_exam_recheck_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_exam_recheck_answered_by_account')),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_exam_recheck_candidate_id_exam_candidate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_recheck')),
    sa.UniqueConstraint('candidate_id', 'subject', name='uq_exam_recheck_subject')
    )
    op.create_table('exam_result',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('units', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('forecasts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_exam_result_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_exam_result'))
    )
    op.create_table('exam_rules',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_exam_rules_published_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_rules')),
    sa.UniqueConstraint('year', 'version', name='uq_exam_rules_version')
    )
    op.create_table('feeder',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('primary', sa.String(), nullable=False),
    sa.Column('junior', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['junior'], ['school.code'], name=op.f('fk_feeder_junior_school')),
    sa.ForeignKeyConstraint(['primary'], ['school.code'], name=op.f('fk_feeder_primary_school')),
    sa.PrimaryKeyConstraint('year', 'primary', 'junior', name=op.f('pk_feeder'))
    )
    op.create_table('filing',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('posted_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('filed_by', sa.Uuid(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['filed_by'], ['account.id'], name=op.f('fk_filing_filed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filing')),
    sa.UniqueConstraint('banner', 'stage', 'year', 'number', name=op.f('uq_filing_banner'))
    )
    op.create_table('former_line',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('plan', sa.Integer(), nullable=False),
    sa.Column('admitted', sa.Integer(), nullable=False),
    sa.Column('seat_type', sa.String(), nullable=False),
    sa.Column('keys', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint('plan > 0 AND admitted >= 0', name=op.f('ck_former_line_counts')),
    sa.ForeignKeyConstraint(['school'], ['school.code'], name=op.f('fk_former_line_school_school')),
    sa.PrimaryKeyConstraint('year', 'school', name=op.f('pk_former_line'))
    )
    op.create_table('grant_row',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('scope_kind', sa.String(), nullable=False),
    sa.Column('scope_id', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('granted_by', sa.String(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_grant_row_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant_row'))
    )
    op.create_index(op.f('ix_grant_row_account_id'), 'grant_row', ['account_id'], unique=False)
    op.create_index('ix_grant_row_scope', 'grant_row', ['scope_kind', 'scope_id'], unique=False)
    op.create_index('uq_grant_row_open', 'grant_row', ['account_id', 'role', 'scope_kind', 'scope_id'], unique=True, postgresql_where=sa.text('ends_at IS NULL'))
    op.create_table('help_request',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('child_id', sa.Uuid(), nullable=True),
    sa.Column('banner', sa.String(), nullable=True),
    sa.Column('matter', sa.String(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_help_request_account_id_account')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_help_request_answered_by_account')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_help_request_taken_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_request'))
    )
    op.create_index(op.f('ix_help_request_account_id'), 'help_request', ['account_id'], unique=False)
    op.create_index('ix_help_request_open', 'help_request', ['answered_at', 'asked_at'], unique=False)
    op.create_table('ledger_entry',
    sa.Column('season', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('entry', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('shown', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('statement_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_ledger_entry_number')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_ledger_entry_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('cause', name=op.f('uq_ledger_entry_cause')),
    sa.UniqueConstraint('run_id', name=op.f('uq_ledger_entry_run_id')),
    sa.UniqueConstraint('season', 'number', name=op.f('uq_ledger_entry_season'))
    )
    op.create_table('letter_key',
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('key_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('key_sha256', sa.String(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_letter_key_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_key')),
    sa.UniqueConstraint('scope', name=op.f('uq_letter_key_scope'))
    )
    op.create_table('notice',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('child_id', sa.Uuid(), nullable=True),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('params_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('openid_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('gateway', sa.String(), nullable=True),
    sa.Column('provider_id', sa.String(), nullable=True),
    sa.Column('beside_id', sa.Uuid(), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("channel IN ('subscription', 'wechat', 'sms', 'chat')", name=op.f('ck_notice_channel')),
    sa.CheckConstraint("state IN ('ready', 'sending', 'sent', 'delivered', 'failed', 'unknown')", name=op.f('ck_notice_state')),
    sa.CheckConstraint('account_id IS NOT NULL OR phone_sealed IS NOT NULL OR openid_sealed IS NOT NULL', name=op.f('ck_notice_recipient')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('key', name=op.f('uq_notice_key'))
    )
    op.create_index(op.f('ix_notice_account_id'), 'notice', ['account_id'], unique=False)
    op.create_index(op.f('ix_notice_beside_id'), 'notice', ['beside_id'], unique=False)
    op.create_index('ix_notice_codes', 'notice', ['made_at'], unique=False, postgresql_where=sa.text("code = 'login-code'"))
    op.create_index(op.f('ix_notice_provider_id'), 'notice', ['provider_id'], unique=False)
    op.create_index('ix_notice_state', 'notice', ['state', 'moved_at'], unique=False)
    op.create_table('notice_hold',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('held_by', sa.Uuid(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['held_by'], ['account.id'], name=op.f('fk_notice_hold_held_by_account')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_notice_hold'))
    )
    op.create_table('official',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('former_hashes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('totp_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('totp_step', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_official_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_official')),
    sa.UniqueConstraint('login', name=op.f('uq_official_login'))
    )
    op.create_table('overflow',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('to_school', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['school'], ['school.code'], name=op.f('fk_overflow_school_school')),
    sa.ForeignKeyConstraint(['to_school'], ['school.code'], name=op.f('fk_overflow_to_school_school')),
    sa.PrimaryKeyConstraint('year', 'school', 'place', name=op.f('pk_overflow'))
    )
    op.create_table('passed_check',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('output_sha256', sa.String(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_passed_check_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passed_check')),
    sa.UniqueConstraint('id', 'run_id', 'output_sha256', name=op.f('uq_passed_check_id'))
    )
    op.create_table('plan',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('classes', sa.Integer(), nullable=False),
    sa.CheckConstraint('seats > 0 AND classes > 0', name=op.f('ck_plan_seats')),
    sa.ForeignKeyConstraint(['school'], ['school.code'], name=op.f('fk_plan_school_school')),
    sa.PrimaryKeyConstraint('year', 'school', name=op.f('pk_plan'))
    )
    op.create_table('published_run',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('check_id', sa.Integer(), nullable=False),
    sa.Column('switched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id', 'check_id'], ['run.id', 'run.check_id'], name=op.f('fk_published_run_run_id_run')),
    sa.PrimaryKeyConstraint('kind', 'scope', name=op.f('pk_published_run'))
    )
    op.create_table('quota_seat',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('junior', sa.String(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('dealt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_quota_seat_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota_seat')),
    sa.UniqueConstraint('year', 'school', 'junior', name='uq_quota_seat_junior')
    )
    op.create_table('rule_book',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('model', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_rule_book_published_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_book')),
    sa.UniqueConstraint('banner', 'year', 'version', name='uq_rule_book_version'),
    sa.UniqueConstraint('sha256', name=op.f('uq_rule_book_sha256'))
    )
    op.create_index(op.f('ix_rule_book_banner'), 'rule_book', ['banner'], unique=False)
    op.create_table('run_withdrawal',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('wanted_by', sa.Uuid(), nullable=False),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agreed_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('agreed_by IS NULL OR agreed_by <> wanted_by', name=op.f('ck_run_withdrawal_two_officials')),
    sa.ForeignKeyConstraint(['agreed_by'], ['account.id'], name=op.f('fk_run_withdrawal_agreed_by_account')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_run_withdrawal_run_id_run')),
    sa.ForeignKeyConstraint(['wanted_by'], ['account.id'], name=op.f('fk_run_withdrawal_wanted_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run_withdrawal')),
    sa.UniqueConstraint('run_id', name=op.f('uq_run_withdrawal_run_id'))
    )
    op.create_table('session',
    sa.Column('token_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_account_id_account')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_session'))
    )
    op.create_index(op.f('ix_session_account_id'), 'session', ['account_id'], unique=False)
    op.create_table('sheet_import',
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('filename', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['applied_by'], ['account.id'], name=op.f('fk_sheet_import_applied_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_import'))
    )
    op.create_index('ix_sheet_import_banner', 'sheet_import', ['banner', 'kind'], unique=False)
    op.create_table('struck_out',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('struck_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('struck_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_struck_out_run_id_run')),
    sa.ForeignKeyConstraint(['struck_by'], ['account.id'], name=op.f('fk_struck_out_struck_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_struck_out')),
    sa.UniqueConstraint('run_id', 'number', name=op.f('uq_struck_out_run_id'))
    )
    op.create_table('why_card',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('leaf', sa.Integer(), nullable=False),
    sa.Column('path', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_why_card_run_id_run')),
    sa.PrimaryKeyConstraint('run_id', 'receipt', name=op.f('pk_why_card'))
    )
    op.create_table('zone',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('unit_code', sa.String(), nullable=False),
    sa.Column('seat_types', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('multi_school', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['school'], ['school.code'], name=op.f('fk_zone_school_school')),
    sa.ForeignKeyConstraint(['unit_code'], ['address_unit.code'], name=op.f('fk_zone_unit_code_address_unit')),
    sa.PrimaryKeyConstraint('year', 'school', 'unit_code', name=op.f('pk_zone'))
    )
    op.create_index('ix_zone_unit', 'zone', ['unit_code', 'year'], unique=False)
    op.create_table('child',
    sa.Column('id_kind', sa.String(), nullable=False),
    sa.Column('known_index', sa.LargeBinary(), nullable=False),
    sa.Column('person_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('enrolment_consent_id', sa.Integer(), nullable=False),
    sa.Column('departments_consent_id', sa.Integer(), nullable=False),
    sa.Column('records_consent_id', sa.Integer(), nullable=False),
    sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("id_kind IN ('resident', 'hkm', 'other')", name=op.f('ck_child_id_kind')),
    sa.ForeignKeyConstraint(['id', 'departments_consent_id'], ['consent.child_id', 'consent.id'], name='fk_child_departments_consent_id_consent'),
    sa.ForeignKeyConstraint(['id', 'enrolment_consent_id'], ['consent.child_id', 'consent.id'], name='fk_child_enrolment_consent_id_consent'),
    sa.ForeignKeyConstraint(['id', 'records_consent_id'], ['consent.child_id', 'consent.id'], name='fk_child_records_consent_id_consent'),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_child_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child')),
    sa.UniqueConstraint('known_index', name=op.f('uq_child_known_index'))
    )
    op.create_table('exam_session',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('rules_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint("state IN ('planned', 'listed', 'closed', 'published')", name=op.f('ck_exam_session_state')),
    sa.ForeignKeyConstraint(['rules_id'], ['exam_rules.id'], name=op.f('fk_exam_session_rules_id_exam_rules')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_session')),
    sa.UniqueConstraint('year', 'category', 'round', name='uq_exam_session_round'),
    sa.UniqueConstraint('year', 'code', name='uq_exam_session_code')
    )
    op.create_table('locked_letter',
    sa.Column('key_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('cipher', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_locked_letter_account_id_account')),
    sa.ForeignKeyConstraint(['key_id'], ['letter_key.id'], name=op.f('fk_locked_letter_key_id_letter_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_locked_letter')),
    sa.UniqueConstraint('key_id', 'account_id', 'reference', name=op.f('uq_locked_letter_key_id'))
    )
    op.create_index(op.f('ix_locked_letter_account_id'), 'locked_letter', ['account_id'], unique=False)
    op.create_table('notice_step',
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_step_notice_id_notice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_step'))
    )
    op.create_index(op.f('ix_notice_step_notice_id'), 'notice_step', ['notice_id'], unique=False)
    op.create_table('subscription_consent',
    sa.Column('wechat_index', sa.LargeBinary(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('tap', sa.String(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('spent_by', sa.Uuid(), nullable=True),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint('(spent_by IS NULL) = (spent_at IS NULL)', name=op.f('ck_subscription_consent_spent')),
    sa.ForeignKeyConstraint(['spent_by'], ['notice.id'], name=op.f('fk_subscription_consent_spent_by_notice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_consent')),
    sa.UniqueConstraint('spent_by', name=op.f('uq_subscription_consent_spent_by')),
    sa.UniqueConstraint('tap', 'template', name=op.f('uq_subscription_consent_tap'))
    )
    op.create_index('ix_subscription_consent_person', 'subscription_consent', ['wechat_index', 'template'], unique=False)
    op.create_table('witness',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('link_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('commitment', sa.String(), nullable=True),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('committed_by', sa.String(), nullable=True),
    sa.Column('said', sa.String(), nullable=True),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dismissed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('said IS NULL OR commitment IS NOT NULL', name=op.f('ck_witness_committed_first')),
    sa.ForeignKeyConstraint(['run_id'], ['ceremony.run_id'], name=op.f('fk_witness_run_id_ceremony')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_witness')),
    sa.UniqueConstraint('run_id', 'name', name='uq_witness_name'),
    sa.UniqueConstraint('run_id', 'place', name='uq_witness_place')
    )
    op.create_index(op.f('ix_witness_run_id'), 'witness', ['run_id'], unique=False)
    op.create_table('address_lock',
    sa.Column('home_index', sa.LargeBinary(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('child_id', sa.Uuid(), nullable=True),
    sa.Column('listed_by', sa.String(), nullable=True),
    sa.Column('holder_index', sa.LargeBinary(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('free_in', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint('(child_id IS NULL) = (listed_by IS NOT NULL)', name=op.f('ck_address_lock_source')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_address_lock_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_lock')),
    sa.UniqueConstraint('child_id', 'stage', 'year', name=op.f('uq_address_lock_child_id'))
    )
    op.create_index('ix_address_lock_home', 'address_lock', ['home_index', 'stage'], unique=False)
    op.create_index(op.f('ix_address_lock_listed_by'), 'address_lock', ['listed_by'], unique=False)
    op.create_table('application',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drafted_by', sa.Uuid(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('receipt', sa.String(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submissions', sa.Integer(), nullable=False),
    sa.Column('window_closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('return_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('unit_code', sa.String(), nullable=True),
    sa.Column('form_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('twins_with', sa.Uuid(), nullable=True),
    sa.Column('sibling_at', sa.String(), nullable=True),
    sa.Column('choices', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("stage IN ('kindergarten', 'primary', 'junior')", name=op.f('ck_application_stage')),
    sa.CheckConstraint("state <> 'returned' OR return_by IS NOT NULL", name=op.f('ck_application_return_by')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'checking', 'in_review', 'returned', 'rejected', 'verified', 'choosing', 'settled', 'frozen', 'unplaced', 'placed', 'confirmed', 'declined', 'lapsed', 'enrolled', 'recorded', 'withdrawn')", name=op.f('ck_application_state')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR receipt IS NOT NULL", name=op.f('ck_application_receipt')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_application_child_id_child')),
    sa.ForeignKeyConstraint(['drafted_by'], ['account.id'], name=op.f('fk_application_drafted_by_account')),
    sa.ForeignKeyConstraint(['twins_with'], ['child.id'], name=op.f('fk_application_twins_with_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('receipt', name=op.f('uq_application_receipt'))
    )
    op.create_index('ix_application_banner', 'application', ['banner', 'year', 'stage', 'state'], unique=False)
    op.create_index(op.f('ix_application_child_id'), 'application', ['child_id'], unique=False)
    op.create_index('uq_application_live', 'application', ['child_id'], unique=True, postgresql_where=sa.text("state NOT IN ('withdrawn', 'rejected', 'declined', 'lapsed', 'recorded')"))
    op.create_table('board_version',
    sa.Column('version', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cut', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_board_version_session_id_exam_session')),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_board_version'))
    )
    op.create_index('ix_board_version_session', 'board_version', ['session_id', 'published_at'], unique=False)
    op.create_table('claim',
    sa.Column('child_id', sa.Uuid(), nullable=True),
    sa.Column('claimant_id', sa.Uuid(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=True),
    sa.Column('said_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('said_index', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disputed_for', sa.String(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'disputed') OR reason IS NOT NULL", name=op.f('ck_claim_reason')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'disputed', 'granted', 'denied')", name=op.f('ck_claim_state')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_claim_child_id_child')),
    sa.ForeignKeyConstraint(['claimant_id'], ['account.id'], name=op.f('fk_claim_claimant_id_account')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_claim_decided_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim'))
    )
    op.create_index(op.f('ix_claim_child_id'), 'claim', ['child_id'], unique=False)
    op.create_index(op.f('ix_claim_claimant_id'), 'claim', ['claimant_id'], unique=False)
    op.create_index('uq_claim_open', 'claim', ['claimant_id', 'said_index'], unique=True, postgresql_where=sa.text("state IN ('waiting', 'disputed')"))
    op.create_table('conduct',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('fact', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_conduct_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conduct')),
    sa.UniqueConstraint('child_id', 'fact', 'year', name=op.f('uq_conduct_child_id'))
    )
    op.create_index(op.f('ix_conduct_child_id'), 'conduct', ['child_id'], unique=False)
    op.create_table('deferral',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('evidence_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('kindergarten', sa.String(), nullable=True),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'approved', 'refused')", name=op.f('ck_deferral_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_deferral_answered_by_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_deferral_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deferral'))
    )
    op.create_index(op.f('ix_deferral_banner'), 'deferral', ['banner'], unique=False)
    op.create_index(op.f('ix_deferral_child_id'), 'deferral', ['child_id'], unique=False)
    op.create_index('uq_deferral_open', 'deferral', ['child_id'], unique=True, postgresql_where=sa.text("state = 'asked'"))
    op.create_table('exam_admission',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('level_with', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('letter', sa.String(), nullable=False),
    sa.Column('report_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('admitted', 'reported-in', 'no-show', 'returned')", name=op.f('ck_exam_admission_state')),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_exam_admission_candidate_id_exam_candidate')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_exam_admission_run_id_run')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_admission_session_id_exam_session')),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_exam_admission_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_admission')),
    sa.UniqueConstraint('letter', name=op.f('uq_exam_admission_letter'))
    )
    op.create_index('ix_exam_admission_unit', 'exam_admission', ['session_id', 'unit_id'], unique=False)
    op.create_index('uq_exam_admission_candidate', 'exam_admission', ['candidate_id'], unique=True, postgresql_where=sa.text("state <> 'returned'"))
    op.create_table('exam_band',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('lowest', sa.Integer(), nullable=True),
    sa.Column('below', sa.Integer(), nullable=True),
    sa.Column('open_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('close_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('planned_close_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('no_clear_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('no_first_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_band_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_band')),
    sa.UniqueConstraint('session_id', 'number', name='uq_exam_band_number')
    )
    op.create_table('exam_comparison',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('report', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_comparison_session_id_exam_session')),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_exam_comparison'))
    )
    op.create_table('exam_extension',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('band', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_exam_extension_decided_by_account')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_extension_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_extension'))
    )
    op.create_index(op.f('ix_exam_extension_session_id'), 'exam_extension', ['session_id'], unique=False)
    op.create_table('exam_forecast',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('units', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('basis', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_forecast_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_forecast')),
    sa.UniqueConstraint('session_id', 'at', name='uq_exam_forecast_at')
    )
    op.create_table('exam_reading',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('units', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_reading_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_reading')),
    sa.UniqueConstraint('session_id', 'at', name='uq_exam_reading_at')
    )
    op.create_table('exam_remark',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_exam_remark_by_account')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_remark_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_remark'))
    )
    op.create_index('ix_exam_remark_session', 'exam_remark', ['session_id', 'at'], unique=False)
    op.create_table('guardianship',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('person_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("relation IN ('father', 'mother', 'grandparent', 'other')", name=op.f('ck_guardianship_relation')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_guardianship_account_id_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_guardianship_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardianship'))
    )
    op.create_index(op.f('ix_guardianship_account_id'), 'guardianship', ['account_id'], unique=False)
    op.create_index(op.f('ix_guardianship_child_id'), 'guardianship', ['child_id'], unique=False)
    op.create_index('uq_guardianship_open', 'guardianship', ['child_id', 'account_id'], unique=True, postgresql_where=sa.text('ends_at IS NULL'))
    op.create_table('helper',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('given_by', sa.Uuid(), nullable=False),
    sa.Column('consent_id', sa.BigInteger(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_helper_account_id_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_helper_child_id_child')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_helper_consent_id_consent')),
    sa.ForeignKeyConstraint(['given_by'], ['account.id'], name=op.f('fk_helper_given_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_helper'))
    )
    op.create_index(op.f('ix_helper_account_id'), 'helper', ['account_id'], unique=False)
    op.create_index(op.f('ix_helper_child_id'), 'helper', ['child_id'], unique=False)
    op.create_index('uq_helper_open', 'helper', ['child_id', 'account_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('paper',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attached_by', sa.Uuid(), nullable=False),
    sa.Column('original_size', sa.Integer(), nullable=False),
    sa.Column('original_mac', sa.LargeBinary(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('clean_size', sa.Integer(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_ms', sa.Integer(), nullable=True),
    sa.Column('reading_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind IN ('household', 'property', 'contract', 'lease', 'residence', 'birth', 'insurance', 'licence', 'other')", name=op.f('ck_paper_kind')),
    sa.CheckConstraint("state IN ('waiting', 'good', 'retake', 'human')", name=op.f('ck_paper_state')),
    sa.CheckConstraint('attempt > 0', name=op.f('ck_paper_attempt')),
    sa.ForeignKeyConstraint(['attached_by'], ['account.id'], name=op.f('fk_paper_attached_by_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_paper_child_id_child')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_paper_decided_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper'))
    )
    op.create_index('ix_paper_child_kind', 'paper', ['child_id', 'kind', 'attached_at'], unique=False)
    op.create_table('session_unit',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('plan', sa.Integer(), nullable=False),
    sa.Column('made_of', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint('plan >= 0', name=op.f('ck_session_unit_plan')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_session_unit_session_id_exam_session')),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_session_unit_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('session_id', 'unit_id', name=op.f('pk_session_unit'))
    )
    op.create_table('standing_order',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('units', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_standing_order_candidate_id_exam_candidate')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_standing_order_session_id_exam_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_order'))
    )
    op.create_index(op.f('ix_standing_order_candidate_id'), 'standing_order', ['candidate_id'], unique=False)
    op.create_index('uq_standing_order_live', 'standing_order', ['session_id', 'candidate_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('application_event',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('from_state', sa.String(), nullable=True),
    sa.Column('to_state', sa.String(), nullable=False),
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_application_event_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_event'))
    )
    op.create_index(op.f('ix_application_event_application_id'), 'application_event', ['application_id'], unique=False)
    op.create_table('check_row',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('submission', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('item_name', sa.String(), nullable=False),
    sa.Column('claim', sa.String(), nullable=False),
    sa.Column('compares', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('confirms', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('differs', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('batch', sa.String(), nullable=True),
    sa.Column('record_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('facts_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'match', 'mismatch', 'not-found', 'unavailable', 'timeout')", name=op.f('ck_check_row_state')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_check_row_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_row')),
    sa.UniqueConstraint('application_id', 'department', 'item', 'submission', name=op.f('uq_check_row_application_id'))
    )
    op.create_index(op.f('ix_check_row_application_id'), 'check_row', ['application_id'], unique=False)
    op.create_index('ix_check_row_open', 'check_row', ['department', 'item', 'batch'], unique=False, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('class_member',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('no', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_class_member_application_id_application')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_member_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_member')),
    sa.UniqueConstraint('run_id', 'no', name=op.f('uq_class_member_run_id'))
    )
    op.create_index(op.f('ix_class_member_application_id'), 'class_member', ['application_id'], unique=False)
    op.create_index(op.f('ix_class_member_run_id'), 'class_member', ['run_id'], unique=False)
    op.create_table('class_move',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('no', sa.String(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('from_class', sa.Integer(), nullable=True),
    sa.Column('to_class', sa.Integer(), nullable=True),
    sa.Column('proposal_id', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint("(code = 'committee') = (proposal_id IS NOT NULL)", name=op.f('ck_class_move_proposal')),
    sa.CheckConstraint("(code = 'transfer-out') = (to_class IS NULL)", name=op.f('ck_class_move_to_class')),
    sa.CheckConstraint("(code IN ('late-arrival', 'transfer-in')) = (from_class IS NULL)", name=op.f('ck_class_move_from_class')),
    sa.CheckConstraint("code IN ('late-arrival', 'transfer-in', 'transfer-out', 'committee')", name=op.f('ck_class_move_code')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_class_move_application_id_application')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_class_move_decided_by_account')),
    sa.ForeignKeyConstraint(['proposal_id'], ['class_move_proposal.id'], name=op.f('fk_class_move_proposal_id_class_move_proposal')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_move_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_move')),
    sa.UniqueConstraint('proposal_id', name=op.f('uq_class_move_proposal_id')),
    sa.UniqueConstraint('run_id', 'number', name=op.f('uq_class_move_run_id'))
    )
    op.create_table('class_signature',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('class_number', sa.Integer(), nullable=False),
    sa.Column('output_sha256', sa.String(), nullable=False),
    sa.Column('strokes_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('strokes_sha256', sa.String(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_class_signature_account_id_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_class_signature_application_id_application')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_class_signature_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_signature')),
    sa.UniqueConstraint('run_id', 'application_id', name=op.f('uq_class_signature_run_id'))
    )
    op.create_table('class_twin_wish',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('said_by', sa.Uuid(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("wish IN ('together', 'apart')", name=op.f('ck_class_twin_wish_wish')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_class_twin_wish_application_id_application')),
    sa.ForeignKeyConstraint(['said_by'], ['account.id'], name=op.f('fk_class_twin_wish_said_by_account')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_class_twin_wish'))
    )
    op.create_table('established_facts',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_established_facts_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_established_facts'))
    )
    op.create_index(op.f('ix_established_facts_application_id'), 'established_facts', ['application_id'], unique=False)
    op.create_table('exam_choice',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('band_id', sa.BigInteger(), nullable=True),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locked_by', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['band_id'], ['exam_band.id'], name=op.f('fk_exam_choice_band_id_exam_band')),
    sa.ForeignKeyConstraint(['candidate_id'], ['exam_candidate.id'], name=op.f('fk_exam_choice_candidate_id_exam_candidate')),
    sa.ForeignKeyConstraint(['locked_by'], ['exam_unit.id'], name=op.f('fk_exam_choice_locked_by_exam_unit')),
    sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_exam_choice_session_id_exam_session')),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_exam_choice_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('session_id', 'candidate_id', name=op.f('pk_exam_choice')),
    postgresql_with={'fillfactor': 70}
    )
    op.create_index('ix_exam_choice_candidate', 'exam_choice', ['candidate_id'], unique=False)
    op.create_table('exam_closing',
    sa.Column('band_id', sa.BigInteger(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('holders', sa.Integer(), nullable=False),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('last_change_id', sa.BigInteger(), nullable=False),
    sa.Column('frozen_sha256', sa.String(), nullable=False),
    sa.Column('root', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['band_id'], ['exam_band.id'], name=op.f('fk_exam_closing_band_id_exam_band')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_closing')),
    sa.UniqueConstraint('band_id', name=op.f('uq_exam_closing_band_id'))
    )
    op.create_table('filed_intent',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('window_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_filed_intent_account_id_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_filed_intent_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filed_intent')),
    sa.UniqueConstraint('application_id', name=op.f('uq_filed_intent_application_id')),
    sa.UniqueConstraint('receipt', name=op.f('uq_filed_intent_receipt'))
    )
    op.create_index(op.f('ix_filed_intent_account_id'), 'filed_intent', ['account_id'], unique=False)
    op.create_index('ix_filed_intent_window', 'filed_intent', ['banner', 'stage', 'window_closes_at'], unique=False)
    op.create_table('home_claim',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('home_index', sa.LargeBinary(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_home_claim_application_id_application')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_home_claim'))
    )
    op.create_index('ix_home_claim_home', 'home_claim', ['home_index', 'stage', 'year'], unique=False)
    op.create_table('objection',
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by', sa.Uuid(), nullable=True),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('fault', sa.String(), nullable=True),
    sa.Column('origin', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state IN ('upheld', 'rejected')) = (answered_at IS NOT NULL)", name=op.f('ck_objection_answered')),
    sa.CheckConstraint("state IN ('filed', 'found', 'upheld', 'rejected')", name=op.f('ck_objection_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_objection_answered_by_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_objection_application_id_application')),
    sa.ForeignKeyConstraint(['filed_by'], ['account.id'], name=op.f('fk_objection_filed_by_account')),
    sa.ForeignKeyConstraint(['origin'], ['objection.id'], name=op.f('fk_objection_origin_objection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection')),
    sa.UniqueConstraint('receipt', name=op.f('uq_objection_receipt'))
    )
    op.create_index(op.f('ix_objection_application_id'), 'objection', ['application_id'], unique=False)
    op.create_index(op.f('ix_objection_banner'), 'objection', ['banner'], unique=False)
    op.create_index('uq_objection_open', 'objection', ['application_id'], unique=True, postgresql_where=sa.text("state IN ('filed', 'found')"))
    op.create_table('preference_claim',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('group', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('evidence_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'approved', 'refused')", name=op.f('ck_preference_claim_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_preference_claim_answered_by_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_preference_claim_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preference_claim')),
    sa.UniqueConstraint('application_id', name=op.f('uq_preference_claim_application_id'))
    )
    op.create_index(op.f('ix_preference_claim_banner'), 'preference_claim', ['banner'], unique=False)
    op.create_table('private_wish',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('wished_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_private_wish_application_id_application')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_private_wish'))
    )
    op.create_index(op.f('ix_private_wish_school'), 'private_wish', ['school'], unique=False)
    op.create_table('review_case',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_decision', sa.String(), nullable=True),
    sa.Column('first_reason_code', sa.String(), nullable=True),
    sa.Column('first_reason', sa.String(), nullable=True),
    sa.Column('first_facts', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('first_by', sa.Uuid(), nullable=True),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decision', sa.String(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('appeal_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_review_case_application_id_application')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_review_case_decided_by_account')),
    sa.ForeignKeyConstraint(['first_by'], ['account.id'], name=op.f('fk_review_case_first_by_account')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_review_case_taken_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_case'))
    )
    op.create_index(op.f('ix_review_case_application_id'), 'review_case', ['application_id'], unique=False)
    op.create_index('ix_review_case_queue', 'review_case', ['banner', 'opened_at'], unique=False, postgresql_where=sa.text('decided_at IS NULL'))
    op.create_index(op.f('ix_review_case_taken_by'), 'review_case', ['taken_by'], unique=False)
    op.create_index('uq_review_case_open', 'review_case', ['application_id'], unique=True, postgresql_where=sa.text('decided_at IS NULL'))
    op.create_table('seat',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('seat_type', sa.String(), nullable=False),
    sa.Column('seat_type_name', sa.String(), nullable=False),
    sa.Column('keys', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('why', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_migrant', sa.Boolean(), nullable=False),
    sa.Column('book_sha256', sa.String(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_seat_application_id_application')),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_seat'))
    )
    op.create_table('spot_check',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=True),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looked_by', sa.Uuid(), nullable=True),
    sa.Column('is_right', sa.Boolean(), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_spot_check_application_id_application')),
    sa.ForeignKeyConstraint(['looked_by'], ['account.id'], name=op.f('fk_spot_check_looked_by_account')),
    sa.ForeignKeyConstraint(['taken_by'], ['account.id'], name=op.f('fk_spot_check_taken_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_check')),
    sa.UniqueConstraint('application_id', name=op.f('uq_spot_check_application_id'))
    )
    op.create_table('student_record',
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('class_number', sa.Integer(), nullable=False),
    sa.Column('number_kind', sa.String(), nullable=False),
    sa.Column('number_index', sa.LargeBinary(), nullable=False),
    sa.Column('fields_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_student_record_application_id_application')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_student_record_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_record')),
    sa.UniqueConstraint('child_id', name=op.f('uq_student_record_child_id')),
    sa.UniqueConstraint('number_index', name=op.f('uq_student_record_number_index'))
    )
    op.create_index(op.f('ix_student_record_school'), 'student_record', ['school'], unique=False)
    op.create_table('transfer_request',
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('unit_code', sa.String(), nullable=True),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('on_paper', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f('ck_transfer_request_answered')),
    sa.CheckConstraint("state IN ('open', 'given', 'refused', 'withdrawn')", name=op.f('ck_transfer_request_state')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_transfer_request_answered_by_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_transfer_request_application_id_application')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_transfer_request_asked_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_request')),
    sa.UniqueConstraint('receipt', name=op.f('uq_transfer_request_receipt'))
    )
    op.create_index(op.f('ix_transfer_request_application_id'), 'transfer_request', ['application_id'], unique=False)
    op.create_index(op.f('ix_transfer_request_banner'), 'transfer_request', ['banner'], unique=False)
    op.create_index('ix_transfer_request_school', 'transfer_request', ['school', 'state'], unique=False)
    op.create_index('uq_transfer_request_open', 'transfer_request', ['application_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table('dispute',
    sa.Column('check_id', sa.Uuid(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by', sa.Uuid(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['check_id'], ['check_row.id'], name=op.f('fk_dispute_check_id_check_row')),
    sa.ForeignKeyConstraint(['filed_by'], ['account.id'], name=op.f('fk_dispute_filed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute'))
    )
    op.create_index(op.f('ix_dispute_check_id'), 'dispute', ['check_id'], unique=False)
    op.create_table('exam_change',
    sa.Column('session_id', sa.BigInteger(), nullable=False),
    sa.Column('candidate_id', sa.BigInteger(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('before_unit_id', sa.BigInteger(), nullable=True),
    sa.Column('refused', sa.String(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('device', sa.LargeBinary(), nullable=True),
    sa.Column('login_id', sa.BigInteger(), nullable=True),
    sa.Column('request_key', sa.String(), nullable=True),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_in', sa.BigInteger(), server_default=sa.text('(pg_current_xact_id()::text)::bigint'), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.CheckConstraint("action IN ('choose', 'clear')", name=op.f('ck_exam_change_action')),
    sa.CheckConstraint("source IN ('candidate', 'standing-order')", name=op.f('ck_exam_change_source')),
    sa.ForeignKeyConstraint(['before_unit_id'], ['exam_unit.id'], name=op.f('fk_exam_change_before_unit_id_exam_unit')),
    sa.ForeignKeyConstraint(['login_id'], ['candidate_login.id'], name=op.f('fk_exam_change_login_id_candidate_login')),
    sa.ForeignKeyConstraint(['session_id', 'candidate_id'], ['exam_choice.session_id', 'exam_choice.candidate_id'], name=op.f('fk_exam_change_session_id_exam_choice')),
    sa.ForeignKeyConstraint(['unit_id'], ['exam_unit.id'], name=op.f('fk_exam_change_unit_id_exam_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_change'))
    )
    op.create_index('ix_exam_change_session', 'exam_change', ['session_id', 'id'], unique=False)
    op.create_index('ix_exam_change_written', 'exam_change', ['session_id', 'written_in'], unique=False, postgresql_where=sa.text('refused IS NULL'))
    op.create_index('uq_exam_change_key', 'exam_change', ['candidate_id', 'request_key'], unique=True)
    op.create_index('uq_exam_change_version', 'exam_change', ['candidate_id', 'session_id', 'version'], unique=True, postgresql_where=sa.text('refused IS NULL'))
    op.create_table('exchange_call',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('check_id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('transport', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('fields', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['check_id'], ['check_row.id'], name=op.f('fk_exchange_call_check_id_check_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_call'))
    )
    op.create_index(op.f('ix_exchange_call_check_id'), 'exchange_call', ['check_id'], unique=False)
    op.create_index('ix_exchange_call_item', 'exchange_call', ['department', 'item', 'at'], unique=False)
    op.create_table('proposal',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('banner', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('school', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objection_id', sa.Uuid(), nullable=True),
    sa.Column('transfer_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind IN ('special-case', 'correction', 'transfer')", name=op.f('ck_proposal_kind')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> proposed_by', name=op.f('ck_proposal_two_officials')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_proposal_application_id_application')),
    sa.ForeignKeyConstraint(['approved_by'], ['account.id'], name=op.f('fk_proposal_approved_by_account')),
    sa.ForeignKeyConstraint(['objection_id'], ['objection.id'], name=op.f('fk_proposal_objection_id_objection')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_proposal_proposed_by_account')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer_request.id'], name=op.f('fk_proposal_transfer_id_transfer_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index(op.f('ix_proposal_banner'), 'proposal', ['banner'], unique=False)
    op.create_index(op.f('ix_proposal_objection_id'), 'proposal', ['objection_id'], unique=False)
    op.create_index(op.f('ix_proposal_transfer_id'), 'proposal', ['transfer_id'], unique=False)
    op.create_table('placement',
    sa.Column('run_id', sa.Uuid(), nullable=True),
    sa.Column('proposal_id', sa.Uuid(), nullable=True),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('child_id', sa.Uuid(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('school', sa.String(), nullable=True),
    sa.Column('step', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('reason', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('confirm_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('absent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kept_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('interview', sa.String(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("interview IN ('due', 'held', 'not-passed')", name=op.f('ck_placement_interview')),
    sa.CheckConstraint("state IN ('drawn', 'offered', 'unplaced', 'confirmed', 'declined', 'lapsed', 'superseded')", name=op.f('ck_placement_state')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_placement_application_id_application')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_placement_child_id_child')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_placement_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_placement_run_id_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement'))
    )
    op.create_index(op.f('ix_placement_application_id'), 'placement', ['application_id'], unique=False)
    op.create_index('ix_placement_school', 'placement', ['school', 'state'], unique=False)
    op.create_index('uq_placement_place', 'placement', ['application_id'], unique=True, postgresql_where=sa.text("state IN ('offered', 'confirmed')"))
    op.create_index('uq_placement_run_application', 'placement', ['run_id', 'application_id'], unique=True)
    # ### end Alembic commands ###
    op.create_foreign_key("fk_run_checked_output", "run", "passed_check", ["check_id", "id", "output_sha256"], ["id", "run_id", "output_sha256"])
    for rule in RULES:
        op.execute(rule)


def downgrade() -> None:
    op.drop_constraint("fk_run_checked_output", "run")
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index('uq_placement_run_application', table_name='placement')
    op.drop_index('uq_placement_place', table_name='placement', postgresql_where=sa.text("state IN ('offered', 'confirmed')"))
    op.drop_index('ix_placement_school', table_name='placement')
    op.drop_index(op.f('ix_placement_application_id'), table_name='placement')
    op.drop_table('placement')
    op.drop_index(op.f('ix_proposal_transfer_id'), table_name='proposal')
    op.drop_index(op.f('ix_proposal_objection_id'), table_name='proposal')
    op.drop_index(op.f('ix_proposal_banner'), table_name='proposal')
    op.drop_table('proposal')
    op.drop_index('ix_exchange_call_item', table_name='exchange_call')
    op.drop_index(op.f('ix_exchange_call_check_id'), table_name='exchange_call')
    op.drop_table('exchange_call')
    op.drop_index('uq_exam_change_version', table_name='exam_change', postgresql_where=sa.text('refused IS NULL'))
    op.drop_index('uq_exam_change_key', table_name='exam_change')
    op.drop_index('ix_exam_change_written', table_name='exam_change', postgresql_where=sa.text('refused IS NULL'))
    op.drop_index('ix_exam_change_session', table_name='exam_change')
    op.drop_table('exam_change')
    op.drop_index(op.f('ix_dispute_check_id'), table_name='dispute')
    op.drop_table('dispute')
    op.drop_index('uq_transfer_request_open', table_name='transfer_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_transfer_request_school', table_name='transfer_request')
    op.drop_index(op.f('ix_transfer_request_banner'), table_name='transfer_request')
    op.drop_index(op.f('ix_transfer_request_application_id'), table_name='transfer_request')
    op.drop_table('transfer_request')
    op.drop_index(op.f('ix_student_record_school'), table_name='student_record')
    op.drop_table('student_record')
    op.drop_table('spot_check')
    op.drop_table('seat')
    op.drop_index('uq_review_case_open', table_name='review_case', postgresql_where=sa.text('decided_at IS NULL'))
    op.drop_index(op.f('ix_review_case_taken_by'), table_name='review_case')
    op.drop_index('ix_review_case_queue', table_name='review_case', postgresql_where=sa.text('decided_at IS NULL'))
    op.drop_index(op.f('ix_review_case_application_id'), table_name='review_case')
    op.drop_table('review_case')
    op.drop_index(op.f('ix_private_wish_school'), table_name='private_wish')
    op.drop_table('private_wish')
    op.drop_index(op.f('ix_preference_claim_banner'), table_name='preference_claim')
    op.drop_table('preference_claim')
    op.drop_index('uq_objection_open', table_name='objection', postgresql_where=sa.text("state IN ('filed', 'found')"))
    op.drop_index(op.f('ix_objection_banner'), table_name='objection')
    op.drop_index(op.f('ix_objection_application_id'), table_name='objection')
    op.drop_table('objection')
    op.drop_index('ix_home_claim_home', table_name='home_claim')
    op.drop_table('home_claim')
    op.drop_index('ix_filed_intent_window', table_name='filed_intent')
    op.drop_index(op.f('ix_filed_intent_account_id'), table_name='filed_intent')
    op.drop_table('filed_intent')
    op.drop_table('exam_closing')
    op.drop_index('ix_exam_choice_candidate', table_name='exam_choice')
    op.drop_table('exam_choice')
    op.drop_index(op.f('ix_established_facts_application_id'), table_name='established_facts')
    op.drop_table('established_facts')
    op.drop_table('class_twin_wish')
    op.drop_table('class_signature')
    op.drop_table('class_move')
    op.drop_index(op.f('ix_class_member_run_id'), table_name='class_member')
    op.drop_index(op.f('ix_class_member_application_id'), table_name='class_member')
    op.drop_table('class_member')
    op.drop_index('ix_check_row_open', table_name='check_row', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_index(op.f('ix_check_row_application_id'), table_name='check_row')
    op.drop_table('check_row')
    op.drop_index(op.f('ix_application_event_application_id'), table_name='application_event')
    op.drop_table('application_event')
    op.drop_index('uq_standing_order_live', table_name='standing_order', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_standing_order_candidate_id'), table_name='standing_order')
    op.drop_table('standing_order')
    op.drop_table('session_unit')
    op.drop_index('ix_paper_child_kind', table_name='paper')
    op.drop_table('paper')
    op.drop_index('uq_helper_open', table_name='helper', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_helper_child_id'), table_name='helper')
    op.drop_index(op.f('ix_helper_account_id'), table_name='helper')
    op.drop_table('helper')
    op.drop_index('uq_guardianship_open', table_name='guardianship', postgresql_where=sa.text('ends_at IS NULL'))
    op.drop_index(op.f('ix_guardianship_child_id'), table_name='guardianship')
    op.drop_index(op.f('ix_guardianship_account_id'), table_name='guardianship')
    op.drop_table('guardianship')
    op.drop_index('ix_exam_remark_session', table_name='exam_remark')
    op.drop_table('exam_remark')
    op.drop_table('exam_reading')
    op.drop_table('exam_forecast')
    op.drop_index(op.f('ix_exam_extension_session_id'), table_name='exam_extension')
    op.drop_table('exam_extension')
    op.drop_table('exam_comparison')
    op.drop_table('exam_band')
    op.drop_index('uq_exam_admission_candidate', table_name='exam_admission', postgresql_where=sa.text("state <> 'returned'"))
    op.drop_index('ix_exam_admission_unit', table_name='exam_admission')
    op.drop_table('exam_admission')
    op.drop_index('uq_deferral_open', table_name='deferral', postgresql_where=sa.text("state = 'asked'"))
    op.drop_index(op.f('ix_deferral_child_id'), table_name='deferral')
    op.drop_index(op.f('ix_deferral_banner'), table_name='deferral')
    op.drop_table('deferral')
    op.drop_index(op.f('ix_conduct_child_id'), table_name='conduct')
    op.drop_table('conduct')
    op.drop_index('uq_claim_open', table_name='claim', postgresql_where=sa.text("state IN ('waiting', 'disputed')"))
    op.drop_index(op.f('ix_claim_claimant_id'), table_name='claim')
    op.drop_index(op.f('ix_claim_child_id'), table_name='claim')
    op.drop_table('claim')
    op.drop_index('ix_board_version_session', table_name='board_version')
    op.drop_table('board_version')
    op.drop_index('uq_application_live', table_name='application', postgresql_where=sa.text("state NOT IN ('withdrawn', 'rejected', 'declined', 'lapsed', 'recorded')"))
    op.drop_index(op.f('ix_application_child_id'), table_name='application')
    op.drop_index('ix_application_banner', table_name='application')
    op.drop_table('application')
    op.drop_index(op.f('ix_address_lock_listed_by'), table_name='address_lock')
    op.drop_index('ix_address_lock_home', table_name='address_lock')
    op.drop_table('address_lock')
    op.drop_index(op.f('ix_witness_run_id'), table_name='witness')
    op.drop_table('witness')
    op.drop_index('ix_subscription_consent_person', table_name='subscription_consent')
    op.drop_table('subscription_consent')
    op.drop_index(op.f('ix_notice_step_notice_id'), table_name='notice_step')
    op.drop_table('notice_step')
    op.drop_index(op.f('ix_locked_letter_account_id'), table_name='locked_letter')
    op.drop_table('locked_letter')
    op.drop_table('exam_session')
    op.drop_table('child')
    op.drop_index('ix_zone_unit', table_name='zone')
    op.drop_table('zone')
    op.drop_table('why_card')
    op.drop_table('struck_out')
    op.drop_index('ix_sheet_import_banner', table_name='sheet_import')
    op.drop_table('sheet_import')
    op.drop_index(op.f('ix_session_account_id'), table_name='session')
    op.drop_table('session')
    op.drop_table('run_withdrawal')
    op.drop_index(op.f('ix_rule_book_banner'), table_name='rule_book')
    op.drop_table('rule_book')
    op.drop_table('quota_seat')
    op.drop_table('published_run')
    op.drop_table('plan')
    op.drop_table('passed_check')
    op.drop_table('overflow')
    op.drop_table('official')
    op.drop_table('notice_hold')
    op.drop_index('ix_notice_state', table_name='notice')
    op.drop_index(op.f('ix_notice_provider_id'), table_name='notice')
    op.drop_index('ix_notice_codes', table_name='notice', postgresql_where=sa.text("code = 'login-code'"))
    op.drop_index(op.f('ix_notice_beside_id'), table_name='notice')
    op.drop_index(op.f('ix_notice_account_id'), table_name='notice')
    op.drop_table('notice')
    op.drop_table('letter_key')
    op.drop_table('ledger_entry')
    op.drop_index('ix_help_request_open', table_name='help_request')
    op.drop_index(op.f('ix_help_request_account_id'), table_name='help_request')
    op.drop_table('help_request')
    op.drop_index('uq_grant_row_open', table_name='grant_row', postgresql_where=sa.text('ends_at IS NULL'))
    op.drop_index('ix_grant_row_scope', table_name='grant_row')
    op.drop_index(op.f('ix_grant_row_account_id'), table_name='grant_row')
    op.drop_table('grant_row')
    op.drop_table('former_line')
    op.drop_table('filing')
    op.drop_table('feeder')
    op.drop_table('exam_rules')
    op.drop_table('exam_result')
    op.drop_table('exam_recheck')
    op.drop_index('uq_exam_phone_change_waits', table_name='exam_phone_change', postgresql_where=sa.text('in_force_at IS NULL'))
    op.drop_index(op.f('ix_exam_phone_change_candidate_id'), table_name='exam_phone_change')
    op.drop_table('exam_phone_change')
    op.drop_table('exam_floor')
    op.drop_index('ix_disclosure_publication_banner', table_name='disclosure_publication')
    op.drop_table('disclosure_publication')
    op.drop_table('consent')
    op.drop_table('class_witness_call')
    op.drop_table('class_team_drawn')
    op.drop_table('class_teacher_list')
    op.drop_index(op.f('ix_class_plan_school'), table_name='class_plan')
    op.drop_table('class_plan')
    op.drop_index(op.f('ix_class_move_proposal_run_id'), table_name='class_move_proposal')
    op.drop_table('class_move_proposal')
    op.drop_table('ceremony')
    op.drop_index(op.f('ix_candidate_login_candidate_id'), table_name='candidate_login')
    op.drop_table('candidate_login')
    op.drop_index('ix_broadcast_banner', table_name='broadcast')
    op.drop_table('broadcast')
    op.drop_table('approval')
    op.drop_index('ix_wx_nonce_at', table_name='wx_nonce')
    op.drop_table('wx_nonce')
    op.drop_index('ix_wx_inbox_subject', table_name='wx_inbox')
    op.drop_table('wx_inbox')
    op.drop_table('window_closing')
    op.drop_table('wechat_token')
    op.drop_table('wechat_login')
    op.drop_index(op.f('ix_waiting_move_school'), table_name='waiting_move')
    op.drop_table('waiting_move')
    op.drop_table('tipoff')
    op.drop_index('ix_task_open', table_name='task', postgresql_where=sa.text('done_at IS NULL AND gave_up_at IS NULL'))
    op.drop_table('task')
    op.drop_table('sms_stop')
    op.drop_index(op.f('ix_school_banner'), table_name='school')
    op.drop_table('school')
    op.drop_index(op.f('ix_run_scope'), table_name='run')
    op.drop_table('run')
    op.drop_index('ix_roster_child_index', table_name='roster_child')
    op.drop_table('roster_child')
    op.drop_table('request_key')
    op.drop_table('quota_crowd')
    op.drop_index('ix_one_use_code_asked', table_name='one_use_code')
    op.drop_index('ix_one_use_code_address', table_name='one_use_code')
    op.drop_table('one_use_code')
    op.drop_table('follower')
    op.drop_index('ix_exam_unit_category', table_name='exam_unit')
    op.drop_table('exam_unit')
    op.drop_table('exam_score_count')
    op.drop_table('exam_junior')
    op.drop_table('exam_former_line')
    op.drop_index('ix_exam_candidate_standing', table_name='exam_candidate')
    op.drop_table('exam_candidate')
    op.drop_table('department_line')
    op.drop_table('data_key')
    op.drop_table('conversation')
    op.drop_table('clock_offset')
    op.drop_table('class_pupil_fact')
    op.drop_table('batch_file')
    op.drop_index('ix_audit_row_object', table_name='audit_row')
    op.drop_table('audit_row')
    op.drop_index(op.f('ix_address_unit_banner'), table_name='address_unit')
    op.drop_table('address_unit')
    op.drop_table('account')
    op.drop_index('ix_access_row_object', table_name='access_row')
    op.drop_table('access_row')
    # ### end Alembic commands ###
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION IF EXISTS {function}()")
