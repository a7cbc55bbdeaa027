-- Spreads the tables over the servers of a Citus cluster, run by `./posthorn migrate --distributed` in one transaction.
-- A statement about a table is left out when that one is distributed already, so that a table which a later version adds
-- is distributed by the migration that brings it. A test holds that every table of the schema is named here, once.

-- Functions that statements call on the workers. Citus leaves alone those that it knows.
SELECT create_distributed_function('add_counts(integer[], integer[])');
SELECT create_distributed_function('sum_counts(integer[])');

-- Distributed: what an account owns. The shards of one account are on one server, so that what is done for it (a record
-- with its event and deliveries, a settled delivery with its attempt) stays there, and joins over account_id are local.
-- A table that others refer to comes before them.
SELECT create_distributed_table('company', 'account_id', colocate_with => 'none');
SELECT create_distributed_table('contact', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('opportunity', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('event_type', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('webhook', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('event', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('delivery', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('attempt', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('intent', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('webhook_minute', 'account_id', colocate_with => 'company');
SELECT create_distributed_table('webhook_hour', 'account_id', colocate_with => 'company');

-- Reference: none. Nothing small is joined with what is distributed.

-- Local: on the coordinator, where the locks of shards and NOTIFY live. Small, and asked alone. A notice is taken by
-- FOR UPDATE SKIP LOCKED over all accounts, which only a table on one server can do.
-- local: account, api_key, member, session, setting, notice, node, shard, shard_doubt, flyway_schema_history
