-- ledger_child: children that stand on the key-care ledger. One row a child.
-- reads   care.key_care
create temp table ledger_child as select distinct child_id from care.key_care where state <> 'closed'
