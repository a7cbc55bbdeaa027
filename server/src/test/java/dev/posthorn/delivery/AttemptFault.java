package dev.posthorn.delivery;

/** A database that writes down no attempt, for a reason that a test gives it. */
final class AttemptFault {
  private final EngineFixture fixture;

  private AttemptFault(EngineFixture fixture) {
    this.fixture = fixture;
  }

  /** From now on every attempt that is to be written down meets this SQLSTATE. */
  static AttemptFault of(EngineFixture fixture, String state) {
    fixture.update("CREATE SEQUENCE fault_met");
    fixture.update(
        """
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM nextval('fault_met');
          RAISE EXCEPTION 'a fault' USING ERRCODE = '%s';
        END $$
        """
            .formatted(state));
    fixture.update(
        "CREATE TRIGGER fault BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION fault()");
    return new AttemptFault(fixture);
  }

  /** How often it was met: a sequence keeps what is rolled back. */
  long met() {
    return fixture.one(
        Long.class, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fault_met");
  }

  void mend() {
    fixture.update("DROP TRIGGER fault ON attempt");
  }
}
