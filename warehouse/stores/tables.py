"""The operational stores' tables (SQLAlchemy Core). Append-only: a change of mind is a newer row.

They are made by ``migrations/versions``, and a test holds the two against each other.
``build_id`` names the build that wrote a row. Such a row counts once a published release names its build; rows of
builds that never were published are purged at the next begin. The rest are acts of people and count at once.
"""

import sqlalchemy as sa

from warehouse.stores.columns import BIG
from warehouse.stores.columns import CHILD as _CHILD
from warehouse.stores.columns import CODE as _CODE
from warehouse.stores.columns import PERIOD as _PERIOD
from warehouse.stores.columns import row_id as _id
from warehouse.stores.columns import written_at as _at

metadata = sa.MetaData()
_BUILD = sa.BigInteger  # see warehouse.releases.new_build_id


schema_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    _at(),
)

# One row a change of a run's state: started, stopped (at a gate), refused, failed, published.
run = sa.Table(
    "run",
    metadata,
    _id(),
    sa.Column("run_id", _CODE, nullable=False, index=True),
    sa.Column("build_id", _BUILD, index=True),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("summary", sa.JSON),  # counts only
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a delivered table of a run; a re-delivery adds one. `content` is the receipt's JSON, counts and file names.
receipt = sa.Table(
    "receipt",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("rows_read", sa.BigInteger),
    sa.Column("rows_landed", sa.BigInteger),
    sa.Column("rows_repeated", sa.BigInteger),
    sa.Column("rows_quarantined", sa.BigInteger),
    sa.Column("content", sa.JSON, nullable=False),
    _at(),
)

# One row a figure of a delivered table (rows of a file, filled cells of a column, rows with a word); for the gates.
table_profile = sa.Table(
    "table_profile",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE, nullable=False),
    sa.Column("measure", _CODE, nullable=False),
    sa.Column("subject", sa.String(255)),
    sa.Column("figure", sa.Float, nullable=False),
)

# One row an operator's word that a gate's figure may pass.
acceptance = sa.Table(
    "acceptance",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("feed", _CODE, nullable=False),
    sa.Column("table_name", _CODE),  # null: every table of the feed
    sa.Column("gate", _CODE),  # null: every gate
    sa.Column("delivery_sha256", sa.String(64)),  # null: whichever delivery of the period
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a child id ever minted; `ordinal` orders those of one build by their least entry, so that age is no chance.
issued_child = sa.Table(
    "issued_child",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
)

# One row up to some hundred thousand anchors (hashed facts, unsigned 64 bits) that came to name a child, packed: an
# Arrow stream of (anchor, child_id). Of an anchor that is written twice the newest in force holds.
# See docs/decisions/0003-anchors-are-packed.md.
anchor = sa.Table(
    "anchor",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# One row an event in a child id's life: mint, continue, merge, split, retire.
child_event = sa.Table(
    "child_event",
    metadata,
    _id(),
    sa.Column("build_id", _BUILD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("other_child_id", _CHILD),
    sa.Column("cause", sa.String(255)),
    sa.Column("period", _PERIOD, nullable=False),
)

_ENTRY: dict[str, type[sa.Text] | sa.String] = {"feed": _CODE, "table": _CODE, "key": sa.Text}

# One row a steward's answer about one pair of entries, left sorting before right; the newest of a pair holds.
decision = sa.Table(
    "decision",
    metadata,
    _id(),
    *(sa.Column(f"{side}_{part}", kind, nullable=False) for side in ("left", "right") for part, kind in _ENTRY.items()),
    sa.Column("judgement", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("steward", _CODE, nullable=False),
    sa.Column("decided_at", sa.DateTime, nullable=False),
    sa.Column("model_version", _CODE, nullable=False),
    sa.Column("verdict_id", BIG, index=True),  # the answer to a case that it is part of; null: given by itself
    *(sa.Index(f"ix_decision_{side}", *(f"{side}_{part}" for part in _ENTRY)) for side in ("left", "right")),
)

# One row a person's act on a child's entry in the ledger of key care, made on the list of ``period``; acts follow one
# another as they were written.
ledger_act = sa.Table(
    "ledger_act",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False, index=True),
    sa.Column("category", _CODE, nullable=False),
    sa.Column("act", sa.String(16), nullable=False),  # open, review, close
    sa.Column("acted_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a close, reopen or rollback of a period.
period_event = sa.Table(
    "period_event",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("release", sa.Integer),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a command or page that read or changed restricted data.
act = sa.Table(
    "act",
    metadata,
    _id(),
    sa.Column("os_user", _CODE, nullable=False),
    sa.Column("act", _CODE, nullable=False),
    sa.Column("subject", sa.String(255)),  # period, export name, table: never a person
    sa.Column("detail", sa.JSON),
    _at(),
)

# Packets between bureaus: who they are exchanged with, what was sent and came, and what it said of whom.

# One row a change in who is known: `own` (this home), `added`, `removed`; the newest of a party holds.
packet_party = sa.Table(
    "packet_party",
    metadata,
    _id(),
    sa.Column("party", _CODE, nullable=False, index=True),  # 429006.civil_affairs
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("signing_key", sa.String(64), nullable=False),  # public halves, hexadecimal
    sa.Column("sealing_key", sa.String(64), nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row an envelope made or opened here: packet, receipt, reply or recall. `about`: the packet it is about.
packet_event = sa.Table(
    "packet_event",
    metadata,
    _id(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("direction", sa.String(8), nullable=False),  # sent | received
    sa.Column("number", _CODE, nullable=False),
    sa.Column("about", _CODE, nullable=False, index=True),  # a packet's is its own number
    sa.Column("role", _CODE, nullable=False),
    sa.Column("party", _CODE, nullable=False),  # the other one
    sa.Column("period", _PERIOD, nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
    sa.UniqueConstraint("direction", "party", "number"),  # the same envelope is never opened twice
)

# One row a child in a packet sent: the token it goes by there, and nowhere else.
packet_child = sa.Table(
    "packet_child",
    metadata,
    _id(),
    sa.Column("number", _CODE, nullable=False),
    sa.Column("token", sa.String(16), nullable=False),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.UniqueConstraint("number", "token"),
)

# One row a child that a reply speaks of; of several about one token the newest holds.
packet_answer = sa.Table(
    "packet_answer",
    metadata,
    _id(),
    sa.Column("number", _CODE, nullable=False, index=True),  # the packet's
    sa.Column("reply", _CODE, nullable=False),
    sa.Column("token", sa.String(16), nullable=False),
    sa.Column("answer", sa.String(16), nullable=False),  # confirmed | denied | corrected
    sa.Column("division_code", sa.String(12)),  # the hukou as the answering bureau's register has it
    sa.Column("reason", _CODE),
    _at(),
)

# One row a seal of a report's figures; `figures` is their canonical JSON, whose SHA-256 the report bears; `counts` the
# same of the counts behind those that are to leave the bureau, which are never shown.
sealed_figure = sa.Table(
    "sealed_figure",
    metadata,
    _id(),
    sa.Column("pack", _CODE, nullable=False),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("jurisdiction", sa.String(6), nullable=False),
    sa.Column("audience", sa.String(16), nullable=False),  # internal | external
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("release", sa.Integer, nullable=False),
    sa.Column("build_id", _BUILD, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
    sa.Column("counts", sa.Text),  # null: internal, or sealed before revision 14
    sa.Column("account", _CODE),  # of the web app, whose owner made it; null: who is at the machine didn't say
)

# One row a second person's word on a sealed report that is to leave the bureau. The newest about a digest holds.
seal_word = sa.Table(
    "seal_word",
    metadata,
    _id(),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("word", sa.String(16), nullable=False),  # released | rejected
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
    sa.Column("account", _CODE),  # of the web app, by whose password it was given; null: a home without accounts
)

# One row somebody's word that what a notice asks for by a day was done.
obligation_met = sa.Table(
    "obligation_met",
    metadata,
    _id(),
    sa.Column("obligation", _CODE, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("met_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a change of a child's standing in the national system: pending, entered, failed. The newest of a period holds.
national_entry = sa.Table(
    "national_entry",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text),  # why it failed, as the national system says
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row a county of a watch: a look at what came between two closes. Its events are those of `watch_event`.
watch = sa.Table(
    "watch",
    metadata,
    _id(),
    sa.Column("period", _PERIOD, nullable=False, index=True),  # the half-year that is under way
    sa.Column("watched_on", sa.Date, nullable=False),
    sa.Column("county", sa.String(6), nullable=False),
    sa.Column("children", sa.Integer, nullable=False),
    sa.Column("migrants", sa.Integer, nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("not_in_index", sa.Integer, nullable=False),  # events of children who have no number yet
    sa.Column("os_user", _CODE, nullable=False),
    _at(),
)

# One row an event that a watch found, as it stood on that day.
watch_event = sa.Table(
    "watch_event",
    metadata,
    _id(),
    sa.Column("watch_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("child_id", _CHILD, nullable=False),
    sa.Column("kind", _CODE, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # open | done
    sa.Column("township", sa.String(9)),
    sa.Column("rule_id", _CODE, nullable=False),
    sa.Column("clause", _CODE, nullable=False),
)

# Nobody may change or remove a row of these; the register's (below) may only be purged of builds never published.
SIGNED = (
    *(acceptance, decision, ledger_act, period_event, act, run, receipt),
    *(packet_party, packet_event, packet_child, packet_answer),
    *(sealed_figure, seal_word, obligation_met, national_entry, watch, watch_event),
)
OF_BUILDS = (table_profile, issued_child, anchor, child_event)
