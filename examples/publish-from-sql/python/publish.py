"""Marks an invoice as paid and publishes that, both or neither."""
import json
import os
import sys

import psycopg

invoice = int(sys.argv[1])
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:  # commits at the end, rolls back on an exception
    updated = connection.execute("UPDATE invoice SET paid = true WHERE id = %s", [invoice])
    if updated.rowcount == 0:
        raise LookupError(f"no invoice {invoice}")
    paid = connection.execute(
        "SELECT posthorn.publish(1, 'invoice.paid', %s)", [json.dumps({"invoice": invoice}, separators=(",", ":"))]
    ).fetchone()[0]
    changed = connection.execute("SELECT posthorn.publish_record(1, 'company.update', %s)", [77]).fetchone()[0]
print(paid, changed)
