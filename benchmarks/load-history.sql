-- Loads a history to measure statements against: :deliveries deliveries of 100 accounts with 10 webhooks each, spread
-- evenly over the last 30 days, one attempt each. The newest day holds the backlog of one webhook (20,000 first
-- attempts that wait), and the last three days retries that are still to come (1 in 1,000).
--
-- Run by the class QueryPlans, which makes the partitions and replaces the number.

SET synchronous_commit = off;

INSERT INTO account (id, name) SELECT n, 'account ' || n FROM generate_series(1, 100) AS n;

INSERT INTO webhook (account_id, id, public_id, url, secret, rate_limit, created_at, updated_at)
SELECT (n - 1) / 10 + 1, n, md5('webhook ' || n)::uuid, 'https://example.com/' || n, '\x00', 60000, now(), now()
FROM generate_series(1, 1000) AS n;

DO $$
DECLARE
  midnight timestamptz;
  per_day bigint := :deliveries / 30;
BEGIN
  FOR day IN 0 .. 29 LOOP
    midnight := date_trunc('day', now(), 'UTC') - day * interval '1 day';

    CREATE TEMP TABLE happened AS
    SELECT n,
      n % 1000 + 1 AS webhook_id,
      n % 1000 / 10 + 1 AS account_id,
      midnight + n * interval '1 day' / per_day AS at,
      (lpad(to_hex((extract(epoch FROM midnight) * 1000)::bigint + n * 86400000 / per_day), 12, '0')
        || '7' || substr(md5(day || ' ' || n), 1, 3) || '8' || substr(md5(day || ' ' || n), 4, 15))::uuid AS id
    FROM generate_series(0, per_day - 1) AS n;

    INSERT INTO event (account_id, id, type, payload, created_at)
    SELECT account_id, id, 'opportunity.update', convert_to('{"id":' || n || ',"url":"https://example.com/opportunities/'
      || n || '","padding":"' || repeat('x', 50) || '"}', 'UTF8'), at
    FROM happened;

    INSERT INTO delivery (account_id, webhook_id, event_id, state, retry, attempts, step, status, due_at, settled_at)
    SELECT account_id, webhook_id, id,
      (CASE WHEN day < 3 AND n % 1000 = n / 1000 % 1000 THEN 'pending' WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END)::delivery_state,
      true, 1, 0, CASE WHEN n % 50 = 0 THEN 500 ELSE 200 END, at + interval '1 day', at
    FROM happened;

    INSERT INTO attempt (account_id, webhook_id, event_id, id, number, outcome, status, started_at, holds_until, total_us,
      response_headers, response_body)
    SELECT account_id, webhook_id, id, id, 1, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END,
      CASE WHEN n % 50 = 0 THEN 500 ELSE 200 END, at, at + interval '60.5 seconds', 12345,
      convert_to(E'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n', 'UTF8'), 'ok'
    FROM happened;

    DROP TABLE happened;
    COMMIT;
  END LOOP;
END
$$;

-- The backlog.
INSERT INTO event (account_id, id, type, payload, created_at)
SELECT 1, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7' || substr(md5('b' || n), 1, 3)
  || '9' || substr(md5('b' || n), 4, 15))::uuid, 'opportunity.update', '{"id":1}', now()
FROM generate_series(1, 20000) AS n;

INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
SELECT account_id, 1, id, created_at FROM event
WHERE account_id = 1 AND id >= (lpad(to_hex((extract(epoch FROM now() - interval '1 hour') * 1000)::bigint), 12, '0')
  || '70009000000000000000')::uuid AND payload = '{"id":1}';

ANALYZE;
