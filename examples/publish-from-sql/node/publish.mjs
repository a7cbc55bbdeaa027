// Marks an invoice as paid and publishes that, both or neither.
import pg from "pg";

const invoice = Number(process.argv[2]);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
try {
  await client.query("BEGIN");
  const updated = await client.query("UPDATE invoice SET paid = true WHERE id = $1", [invoice]);
  if (updated.rowCount === 0) throw new Error(`no invoice ${invoice}`);
  const paid = await client.query("SELECT posthorn.publish(1, 'invoice.paid', $1) AS id", [JSON.stringify({ invoice })]);
  const changed = await client.query("SELECT posthorn.publish_record(1, 'company.update', $1) AS id", [77]);
  await client.query("COMMIT");
  console.log(paid.rows[0].id, changed.rows[0].id);
} catch (error) {
  await client.query("ROLLBACK");
  throw error;
} finally {
  await client.end();
}
