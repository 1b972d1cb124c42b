BEGIN TRANSACTION;
CREATE TABLE acceptance (
	id INTEGER NOT NULL, 
	period VARCHAR(6) NOT NULL, 
	feed VARCHAR(64) NOT NULL, 
	table_name VARCHAR(64), 
	gate VARCHAR(64), 
	delivery_sha256 VARCHAR(64), 
	reason TEXT NOT NULL, 
	os_user VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE act (
	id INTEGER NOT NULL, 
	os_user VARCHAR(64) NOT NULL, 
	act VARCHAR(64) NOT NULL, 
	subject VARCHAR(255), 
	detail JSON, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "act" VALUES(1,'operator','export','links 2026H1','{"rows": 3}','2026-11-22 08:47:22.362267');
CREATE TABLE anchor (
	id INTEGER NOT NULL, 
	build_id BIGINT NOT NULL, 
	rows INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE child_event (
	id INTEGER NOT NULL, 
	build_id BIGINT NOT NULL, 
	child_id VARCHAR(14) NOT NULL, 
	event VARCHAR(16) NOT NULL, 
	other_child_id VARCHAR(14), 
	cause VARCHAR(255), 
	period VARCHAR(6) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	left_feed VARCHAR(64) NOT NULL, 
	left_table VARCHAR(64) NOT NULL, 
	left_key TEXT NOT NULL, 
	right_feed VARCHAR(64) NOT NULL, 
	right_table VARCHAR(64) NOT NULL, 
	right_key TEXT NOT NULL, 
	judgement VARCHAR(16) NOT NULL, 
	reason TEXT NOT NULL, 
	steward VARCHAR(64) NOT NULL, 
	decided_at DATETIME NOT NULL, 
	model_version VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "decision" VALUES(1,'education','enrolment','L1','health','child_health','H1','SAME','same mother','clerk','2026-07-01 00:00:00.000000','1');
CREATE TABLE issued_child (
	id INTEGER NOT NULL, 
	build_id BIGINT NOT NULL, 
	child_id VARCHAR(14) NOT NULL, 
	period VARCHAR(6) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE period_event (
	id INTEGER NOT NULL, 
	period VARCHAR(6) NOT NULL, 
	event VARCHAR(16) NOT NULL, 
	reason TEXT NOT NULL, 
	release INTEGER, 
	os_user VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE receipt (
	id INTEGER NOT NULL, 
	build_id BIGINT NOT NULL, 
	period VARCHAR(6) NOT NULL, 
	feed VARCHAR(64) NOT NULL, 
	table_name VARCHAR(64) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	sha256 VARCHAR(64), 
	rows_read BIGINT, 
	rows_landed BIGINT, 
	rows_repeated BIGINT, 
	rows_quarantined BIGINT, 
	content JSON NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	run_id VARCHAR(64) NOT NULL, 
	build_id BIGINT, 
	period VARCHAR(6) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	seconds FLOAT, 
	summary JSON, 
	os_user VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1,'2026-11-22 08:47:22.286038');
CREATE TABLE table_profile (
	id INTEGER NOT NULL, 
	build_id BIGINT NOT NULL, 
	period VARCHAR(6) NOT NULL, 
	feed VARCHAR(64) NOT NULL, 
	table_name VARCHAR(64) NOT NULL, 
	measure VARCHAR(64) NOT NULL, 
	subject VARCHAR(255), 
	figure FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_run_build_id ON run (build_id);
CREATE INDEX ix_run_run_id ON run (run_id);
CREATE INDEX ix_run_period ON run (period);
CREATE TRIGGER run_no_update before update on run begin select raise(abort, 'run is append-only: write a newer row'); end;
CREATE TRIGGER run_no_delete before delete on run begin select raise(abort, 'run is append-only: write a newer row'); end;
CREATE INDEX ix_receipt_build_id ON receipt (build_id);
CREATE TRIGGER receipt_no_update before update on receipt begin select raise(abort, 'receipt is append-only: write a newer row'); end;
CREATE TRIGGER receipt_no_delete before delete on receipt begin select raise(abort, 'receipt is append-only: write a newer row'); end;
CREATE INDEX ix_table_profile_build_id ON table_profile (build_id);
CREATE TRIGGER table_profile_no_update before update on table_profile begin select raise(abort, 'table_profile is append-only: write a newer row'); end;
CREATE INDEX ix_acceptance_period ON acceptance (period);
CREATE TRIGGER acceptance_no_update before update on acceptance begin select raise(abort, 'acceptance is append-only: write a newer row'); end;
CREATE TRIGGER acceptance_no_delete before delete on acceptance begin select raise(abort, 'acceptance is append-only: write a newer row'); end;
CREATE INDEX ix_issued_child_build_id ON issued_child (build_id);
CREATE TRIGGER issued_child_no_update before update on issued_child begin select raise(abort, 'issued_child is append-only: write a newer row'); end;
CREATE INDEX ix_anchor_build_id ON anchor (build_id);
CREATE TRIGGER anchor_no_update before update on anchor begin select raise(abort, 'anchor is append-only: write a newer row'); end;
CREATE INDEX ix_child_event_build_id ON child_event (build_id);
CREATE TRIGGER child_event_no_update before update on child_event begin select raise(abort, 'child_event is append-only: write a newer row'); end;
CREATE TRIGGER decision_no_update before update on decision begin select raise(abort, 'decision is append-only: write a newer row'); end;
CREATE TRIGGER decision_no_delete before delete on decision begin select raise(abort, 'decision is append-only: write a newer row'); end;
CREATE INDEX ix_period_event_period ON period_event (period);
CREATE TRIGGER period_event_no_update before update on period_event begin select raise(abort, 'period_event is append-only: write a newer row'); end;
CREATE TRIGGER period_event_no_delete before delete on period_event begin select raise(abort, 'period_event is append-only: write a newer row'); end;
CREATE TRIGGER act_no_update before update on act begin select raise(abort, 'act is append-only: write a newer row'); end;
CREATE TRIGGER act_no_delete before delete on act begin select raise(abort, 'act is append-only: write a newer row'); end;
COMMIT;
