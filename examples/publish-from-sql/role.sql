CREATE ROLE shop LOGIN PASSWORD 'open sesame';
GRANT USAGE ON SCHEMA posthorn TO shop;
GRANT EXECUTE ON FUNCTION posthorn.publish(bigint, text, text) TO shop;
GRANT EXECUTE ON FUNCTION posthorn.publish_record(bigint, text, bigint) TO shop;
