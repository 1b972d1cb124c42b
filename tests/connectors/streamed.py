"""Reads a table to its end and prints rows and the peak of memory beyond what the imports took: run as a process."""

import resource
import sys

from connectors import specs
from connectors.database import SqlTable

spec = specs.load()["public_security", "residence"]


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


table = SqlTable("public_security.residence", spec.source, sys.argv[1], None)
next(iter(table.chunks()))
before = peak()
print(sum(len(chunk.row_no) for chunk in table.chunks()), peak() - before)
