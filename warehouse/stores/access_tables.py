"""Tables of who may and what they did: accounts, sessions, grants, the audit. See :mod:`warehouse.stores.tables`."""

import sqlalchemy as sa

from warehouse.stores.columns import BIG, CODE, row_id, written_at
from warehouse.stores.tables import metadata

# One row a change of an account: the whole account as it is from then on. The newest of a username holds.
account = sa.Table(
    "account",
    metadata,
    row_id(),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("display_name", CODE, nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),  # sorted words of roles.yml
    sa.Column("counties", sa.JSON, nullable=False),  # division codes; a prefecture's covers those below
    sa.Column("organisation", sa.String(255)),  # of an entrusted organisation's people; null: the bureau's own
    sa.Column("expires_on", sa.Date),  # first day on which the account is no more; null: until it is disabled
    sa.Column("is_disabled", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_by", CODE, nullable=False),
    written_at(),
)

# One row a password set; the newest of a username holds. `password_hash` is argon2id with its parameters.
credential = sa.Table(
    "credential",
    metadata,
    row_id(),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("set_by", CODE, nullable=False),
    written_at(),
    sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()),  # at the first login with it
)

# One row a second factor handed out; the newest of a username holds. Its secret is derived from a key outside of the
# stores by username and `serial`.
second_factor = sa.Table(
    "second_factor",
    metadata,
    row_id(),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("serial", sa.String(32), nullable=False),
    sa.Column("set_by", CODE, nullable=False),
    written_at(),
)

# One row a one-time code that was used: a second use of it is refused by the key.
second_factor_use = sa.Table(
    "second_factor_use",
    metadata,
    sa.Column("username", CODE, primary_key=True),
    sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),  # half minutes since 1970
)

# One row an attempt to log in or to unlock, under the keyed hash of what was typed as a name.
login_attempt = sa.Table(
    "login_attempt",
    metadata,
    row_id(),
    sa.Column("name_hash", sa.String(64), nullable=False, index=True),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    written_at(),
)

# One row a session of the web app. Kept up to date, unlike the rest: what it says is told by the audit.
session = sa.Table(
    "session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),  # the token itself is the browser's alone
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("begun_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("is_locked", sa.Boolean, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()),  # the password, before all else
)

# One row a request to see full identifiers of children of some counties for a time, and what somebody else answered.
identifier_grant = sa.Table(
    "identifier_grant",
    metadata,
    row_id(),
    sa.Column("username", CODE, nullable=False, index=True),
    sa.Column("counties", sa.JSON, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    written_at(),
)
identifier_grant_answer = sa.Table(
    "identifier_grant_answer",
    metadata,
    sa.Column("grant_id", BIG, sa.ForeignKey("identifier_grant.id"), primary_key=True, autoincrement=False),
    sa.Column("is_approved", sa.Boolean, nullable=False),
    sa.Column("until", sa.DateTime),  # null: refused
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("answered_by", CODE, nullable=False),
    written_at(),
)

# One row an act on restricted data or on who may see it. Each row's hash covers the row and the hash before it.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    written_at(),
    sa.Column("actor", CODE, nullable=False, index=True),
    sa.Column("act", CODE, nullable=False),
    sa.Column("subject", sa.String(255), index=True),  # a child's token, a case, a period, an export; never a person
    sa.Column("field", CODE),
    sa.Column("detail", sa.Text),  # canonical JSON: counts, states, reasons free of numbers of persons
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)

# One row a part of the audit, from its beginning up to a row, that left for an archive. Only such rows may be removed.
audit_seal = sa.Table(
    "audit_seal",
    metadata,
    row_id(),
    sa.Column("last_sequence", sa.BigInteger, nullable=False, unique=True),
    sa.Column("last_hash", sa.String(64), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("sealed_by", CODE, nullable=False),
    written_at(),
)

SIGNED = (
    *(account, credential, second_factor, login_attempt, identifier_grant, identifier_grant_answer),
    *(audit, audit_seal),
)
