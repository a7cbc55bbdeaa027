CREATE TABLE half ();
SELECT no_such_function();
