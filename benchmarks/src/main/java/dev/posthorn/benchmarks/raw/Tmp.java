package dev.posthorn.benchmarks.raw;

import dev.posthorn.benchmarks.child.CpuTime;
import dev.posthorn.db.*;
import java.nio.file.Path;
import java.time.*;
import java.util.*;

public final class Tmp {
  public static void main(String[] a) throws Exception {
    try (DataFolder f = DataFolder.lock(Path.of(a[0]), Duration.ZERO);
        EmbeddedPostgres pg = EmbeddedPostgres.start(f);
        Database api = Database.open(pg.address(), 2);
        Database engine = Database.openForEngine(pg.address(), 2)) {
      Migrations.run(api);
      new Partitions(engine).makeAhead(LocalDate.now(ZoneOffset.UTC));
      long pid =
          Long.parseLong(
              api.withHandle(h ->
                  h.createQuery("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")
                      .mapTo(String.class)
                      .one()));
      List<Long> accounts = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        long id =
            api.withHandle(h ->
                h.createQuery("INSERT INTO account (name) VALUES ('raw') RETURNING id")
                    .mapTo(Long.class)
                    .one());
        api.withHandle(h ->
            h.execute(
                "INSERT INTO webhook (account_id, public_id, url, secret, rate_limit, enabled, created_at, updated_at) VALUES (?, gen_random_uuid(), 'http://x', '', 60, false, now(), now())",
                id));
        accounts.add(id);
      }
      BareDatabase bare = new BareDatabase(api, engine, accounts);
      for (String s : a[1].split(",")) {
        int n = Integer.parseInt(s);
        for (int i = 0; i < 150; i++) bare.cycle(n);
        Duration c0 = CpuTime.ofFamily(pid), m0 = CpuTime.of(ProcessHandle.current().pid());
        long w0 =
            Long.parseLong(
                api.withHandle(h ->
                    h.createQuery("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")
                        .mapTo(String.class)
                        .one()));
        long t0 = System.nanoTime();
        long k = 0;
        while (System.nanoTime() - t0 < 4e9) {
          bare.cycle(n);
          k += n;
        }
        long t1 = System.nanoTime();
        double pgc = CpuTime.ofFamily(pid).minus(c0).toNanos() / 1e3 / k,
            me = CpuTime.of(ProcessHandle.current().pid()).minus(m0).toNanos() / 1e3 / k;
        long w1 =
            Long.parseLong(
                api.withHandle(h ->
                    h.createQuery("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")
                        .mapTo(String.class)
                        .one()));
        System.out.printf(
            "batch %4d: %6.0f/s, postgres %5.1f us, client %5.1f us, wal %d B, cycle %.1f ms%n",
            n, k / ((t1 - t0) / 1e9), pgc, me, (w1 - w0) / k, (t1 - t0) / 1e6 / (k / n));
      }
    }
  }
}
