-- What townships are called, as deliveries write it beside their code. One row a township.
-- reads: std.township
select township, arg_max(name, struct_pack(entries := entries, name := name)) as name
from std.township
group by township
