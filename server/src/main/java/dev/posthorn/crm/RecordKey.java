package dev.posthorn.crm;

/** Which record: its kind, whose it is, and its id among those. */
record RecordKey(RecordType type, long accountId, long id) {}
