-- Publishing from another application's own transaction, in any language: committed with it, or never sent.
-- A role needs EXECUTE on these functions and nothing else.

-- A time-ordered UUID (RFC 9562, version 7), as the engine makes them; PostgreSQL has one of its own only from 18 on.
CREATE FUNCTION new_event_id() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
SET search_path = pg_catalog
AS $$
  SELECT encode(
    set_byte(
      overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112),
    'hex')::uuid
$$;

-- An event's id as the API shows it: evt_ and 26 characters of Crockford's base 32.
CREATE FUNCTION event_id_text(id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog
AS $$
  SELECT 'evt_' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits FROM 5 * digit + 1 FOR 5)::integer + 1, 1), ''
    ORDER BY digit)
  FROM (SELECT B'00' || ('x' || replace(id::text, '-', ''))::bit(128) AS bits) AS id_bits,
    generate_series(0, 25) AS digit
$$;

-- Stores an event with its deliveries and calls the owners of the webhooks, once a transaction and shard.
CREATE FUNCTION store_event(event_account bigint, event_type text, event_record bigint, event_payload bytea) RETURNS text
LANGUAGE plpgsql VOLATILE
SET search_path = posthorn, pg_temp
AS $$
DECLARE
  event_id uuid := new_event_id();
  published_at timestamptz := clock_timestamp();
  webhook_shard smallint;
BEGIN
  INSERT INTO event (account_id, id, type, record_id, payload, created_at)
  VALUES (event_account, event_id, event_type, event_record, event_payload, published_at);
  FOR webhook_shard IN
    WITH fanned_out AS (
      INSERT INTO delivery (account_id, webhook_id, event_id, due_at)
      SELECT event_account, w.id, event_id, published_at
      FROM webhook w
      WHERE w.account_id = event_account AND w.deleted_at IS NULL AND w.collect_until > published_at
        AND (w.filter_patterns IS NULL OR event_type LIKE ANY (w.filter_patterns))
      RETURNING webhook_id)
    SELECT DISTINCT webhook_id % 256 FROM fanned_out
  LOOP
    PERFORM pg_notify('posthorn_work', webhook_shard::text);
  END LOOP;
  RETURN event_id_text(event_id);
END
$$;

CREATE FUNCTION refuse_unknown_account(account bigint) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = posthorn, pg_temp
AS $$
BEGIN
  IF account IS NULL OR NOT EXISTS (SELECT 1 FROM account a WHERE a.id = refuse_unknown_account.account) THEN
    RAISE EXCEPTION 'posthorn: there is no account %', coalesce(account::text, 'NULL') USING ERRCODE = '22023';
  END IF;
END
$$;

-- Publishes an event of one of the account's own types; returns its id.
CREATE FUNCTION publish(account bigint, type text, payload text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = posthorn, pg_temp
AS $$
DECLARE
  found_type event_type%ROWTYPE;
BEGIN
  PERFORM refuse_unknown_account(account);
  SELECT * INTO found_type FROM event_type t WHERE t.account_id = account AND t.name = publish.type;
  IF publish.type IN ('contact.create', 'contact.update', 'company.create', 'company.update',
      'opportunity.create', 'opportunity.update') THEN
    RAISE EXCEPTION 'posthorn: the type % is built in: publish it with posthorn.publish_record(account, type, record_id)',
      quote_literal(publish.type) USING ERRCODE = '22023';
  ELSIF found_type.name IS NULL THEN
    RAISE EXCEPTION 'posthorn: account % has no event type %', account, coalesce(quote_literal(publish.type), 'NULL')
      USING ERRCODE = '22023', HINT = 'Create it with POST /event_types.';
  ELSIF found_type.archived_at IS NOT NULL THEN
    RAISE EXCEPTION 'posthorn: the event type % is archived', quote_literal(publish.type) USING ERRCODE = '22023';
  ELSIF found_type.schema IS NOT NULL THEN
    RAISE EXCEPTION 'posthorn: the event type % has a schema, which SQL cannot check: publish it with POST /events',
      quote_literal(publish.type) USING ERRCODE = '22023';
  ELSIF payload IS NULL THEN
    RAISE EXCEPTION 'posthorn: the payload is NULL; it must be JSON (''null'' is)' USING ERRCODE = '22004';
  ELSIF octet_length(convert_to(payload, 'UTF8')) > 262144 THEN
    RAISE EXCEPTION 'posthorn: the payload has % bytes; at most 262144 are allowed',
      octet_length(convert_to(payload, 'UTF8')) USING ERRCODE = '22023';
  END IF;
  BEGIN
    PERFORM payload::json;
  EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
    RAISE EXCEPTION 'posthorn: the payload is not JSON: %', SQLERRM USING ERRCODE = '22023';
  END;
  RETURN store_event(account, publish.type, NULL, convert_to(payload, 'UTF8'));
END
$$;

-- Publishes a built-in event about a record, which need not be stored here; returns its id.
CREATE FUNCTION publish_record(account bigint, type text, record_id bigint) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = posthorn, pg_temp
AS $$
DECLARE
  plural text := CASE publish_record.type
    WHEN 'contact.create' THEN 'contacts' WHEN 'contact.update' THEN 'contacts'
    WHEN 'company.create' THEN 'companies' WHEN 'company.update' THEN 'companies'
    WHEN 'opportunity.create' THEN 'opportunities' WHEN 'opportunity.update' THEN 'opportunities' END;
  public_url text := (SELECT value FROM setting WHERE name = 'public_url');
BEGIN
  PERFORM refuse_unknown_account(account);
  IF plural IS NULL THEN
    RAISE EXCEPTION 'posthorn: % is not a built-in event type', coalesce(quote_literal(publish_record.type), 'NULL')
      USING ERRCODE = '22023', HINT = 'Publish events of other types with posthorn.publish(account, type, payload).';
  ELSIF record_id IS NULL OR record_id < 1 THEN
    RAISE EXCEPTION 'posthorn: record_id is %; it must be 1 or more', coalesce(record_id::text, 'NULL') USING ERRCODE = '22023';
  ELSIF public_url IS NULL THEN
    RAISE EXCEPTION 'posthorn: no server has run on this database yet, so the address of records is not known'
      USING ERRCODE = '55000';
  END IF;
  RETURN store_event(account, publish_record.type, record_id,
    convert_to(format('{"id":%s,"url":"%s/%s/%s"}', record_id, public_url, plural, record_id), 'UTF8'));
END
$$;

REVOKE ALL ON FUNCTION new_event_id(), event_id_text(uuid), store_event(bigint, text, bigint, bytea),
  refuse_unknown_account(bigint), publish(bigint, text, text), publish_record(bigint, text, bigint) FROM PUBLIC;
