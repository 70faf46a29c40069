-- Tables of the hub. branch_id leads every key, so that a branch can live on a node of its own; the three
-- exceptions (server, login, and Alembic's own table) are read before a branch is known.

CREATE TABLE hub.server (
    server_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT pk_server PRIMARY KEY (server_id)
);

CREATE TABLE hub.login (
    role_name text NOT NULL,
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    kind text NOT NULL,
    CONSTRAINT pk_login PRIMARY KEY (role_name)
);

CREATE TABLE hub.branch (
    branch_id uuid NOT NULL,
    name text NOT NULL,
    signing_key bytea,
    backoff_s integer NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    CONSTRAINT pk_branch PRIMARY KEY (branch_id)
);

CREATE TABLE hub.device (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    role_name text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    public_key bytea,
    revoked boolean NOT NULL DEFAULT false,
    created_at bigint NOT NULL,
    enrolled_at bigint,
    last_seen bigint,
    program text NOT NULL DEFAULT '',
    protocol integer NOT NULL DEFAULT 0,
    announced_facts bigint NOT NULL DEFAULT 0,
    covered_facts bigint NOT NULL DEFAULT 0,
    daily_facts bigint NOT NULL DEFAULT 200000,
    daily_bytes bigint NOT NULL DEFAULT 1073741824,
    CONSTRAINT pk_device PRIMARY KEY (branch_id, device_id)
);

-- The secret is null once the laptop's own key is known.
CREATE TABLE hub.enrolment (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    secret bytea,
    created_at bigint NOT NULL,
    valid_until bigint NOT NULL,
    used_at bigint,
    CONSTRAINT pk_enrolment PRIMARY KEY (branch_id, device_id)
);

-- The evidence. The columns beside the body are copies for indexes, checked by the projector. A laptop has
-- one more index, by incarnation and seq: here nobody asks for a fact by these.
CREATE TABLE hub.fact (
    branch_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    event_id uuid,
    incarnation uuid NOT NULL,
    seq bigint NOT NULL,
    captured_at bigint NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT pk_fact PRIMARY KEY (branch_id, fact_id, content_hash)
);
CREATE INDEX ix_fact_subject ON hub.fact (branch_id, subject_id);

-- Who delivered what, and which way; one index alone, because each push writes here. Incarnation and seq
-- outlive the erasure of the fact itself.
CREATE TABLE hub.delivery (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    bucket smallint NOT NULL,
    incarnation uuid NOT NULL,
    seq bigint NOT NULL,
    route text NOT NULL,
    received_at bigint NOT NULL,
    CONSTRAINT pk_delivery PRIMARY KEY (branch_id, device_id, fact_id, content_hash)
);

-- What waits for the projector: one row a push, for rows and indexes of its own would cost each fact a third
-- more. Three arrays of one length; random bytes don't get smaller by trying to.
CREATE TABLE hub.inbox (
    branch_id uuid NOT NULL,
    inbox_id uuid NOT NULL,
    fact_ids uuid[] NOT NULL,
    hashes bytea[] NOT NULL,
    subject_ids uuid[] NOT NULL,
    received_at bigint NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (branch_id, inbox_id)
);
ALTER TABLE hub.inbox ALTER COLUMN fact_ids SET STORAGE EXTERNAL;
ALTER TABLE hub.inbox ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE hub.inbox ALTER COLUMN subject_ids SET STORAGE EXTERNAL;

-- Held for the length of one transaction by the projector that works on a subject.
CREATE TABLE hub.projecting (
    branch_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    CONSTRAINT pk_projecting PRIMARY KEY (branch_id, subject_id)
);

CREATE TABLE hub.quarantine (
    branch_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    subject_id uuid NOT NULL,
    reason text NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_quarantine PRIMARY KEY (branch_id, fact_id, content_hash)
);
CREATE INDEX ix_quarantine_subject ON hub.quarantine (branch_id, subject_id);

-- The highest seq that each life of a laptop's file was announced with: what it owes is counted from this.
-- Copied: a file announced it that was behind, or had gone another way.
CREATE TABLE hub.life (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    announced bigint NOT NULL,
    announced_hash bytea NOT NULL,
    at bigint NOT NULL,
    is_copied boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_life PRIMARY KEY (branch_id, device_id, incarnation)
);

CREATE TABLE hub.bucket_proof (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    bucket smallint NOT NULL,
    digest bytea NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_bucket_proof PRIMARY KEY (branch_id, device_id, bucket)
);

CREATE TABLE hub.receipt (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    receipt_id uuid NOT NULL,
    facts bigint NOT NULL,
    contacts bigint NOT NULL,
    code text NOT NULL,
    extra bigint NOT NULL,
    covered bigint NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_receipt PRIMARY KEY (branch_id, device_id, receipt_id)
);
CREATE INDEX ix_receipt_at ON hub.receipt (branch_id, device_id, at);

-- Backups that were restored and checked: what was in them, and which file it is.
CREATE TABLE hub.backup (
    branch_id uuid NOT NULL,
    backup_id uuid NOT NULL,
    taken_at bigint NOT NULL,
    facts bigint NOT NULL,
    digest bytea NOT NULL,
    file_name text NOT NULL,
    file_hash bytea NOT NULL,
    checked_at bigint NOT NULL,
    CONSTRAINT pk_backup PRIMARY KEY (branch_id, backup_id)
);

-- Facts inside such a backup. Only the first one is noted: each later one holds them too, and a nightly backup
-- writes what is new.
CREATE TABLE hub.covered (
    branch_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    backup_id uuid NOT NULL,
    CONSTRAINT pk_covered PRIMARY KEY (branch_id, fact_id, content_hash)
);

CREATE TABLE hub.tombstone (
    branch_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    reason text NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_tombstone PRIMARY KEY (branch_id, fact_id)
);

-- What a device stored new in one day (UTC): beyond its quota the answer is "later".
CREATE TABLE hub.usage (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    day date NOT NULL,
    facts bigint NOT NULL,
    bytes bigint NOT NULL,
    CONSTRAINT pk_usage PRIMARY KEY (branch_id, device_id, day)
);

-- What `central watch` had to do, counted by day (UTC).
CREATE TABLE hub.watch_note (
    branch_id uuid NOT NULL,
    device_id uuid NOT NULL,
    what text NOT NULL,
    day date NOT NULL,
    times bigint NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_watch_note PRIMARY KEY (branch_id, device_id, what, day)
);

CREATE TABLE hub.briefing (
    branch_id uuid NOT NULL,
    version bigint NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL,
    signature bytea NOT NULL,
    published_at bigint NOT NULL,
    CONSTRAINT pk_briefing PRIMARY KEY (branch_id, version)
);
