package dev.posthorn;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.posthorn.db.EmbeddedPostgres;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the parts may know of each other, and where time, chance and SQL may be. */
final class ArchitectureTest {
  private static final String ROOT = "dev.posthorn";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Each part and the parts that it may use; the wiring and the commands may use them all. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("signing", List.of()),
          Map.entry("egress", List.of()),
          Map.entry("db", List.of()),
          Map.entry("http", List.of()),
          Map.entry("notice", List.of("db")),
          Map.entry("config", List.of("db", "egress", "notice")),
          Map.entry("telemetry", List.of("db", "http")),
          Map.entry("account", List.of("db", "http")),
          Map.entry("webhook", List.of("signing", "egress", "db", "http")),
          Map.entry("delivery", List.of("webhook", "signing", "egress", "notice", "db", "http")),
          Map.entry("event", List.of("webhook", "db", "http")),
          Map.entry("crm", List.of("event", "db", "http")));

  /** Libraries that one part wraps for all others. */
  private static final Map<String, String> WRAPPED_BY =
      Map.of(
          "io.helidon..", "http",
          "org.apache.hc..", "egress",
          "com.zaxxer..", "db",
          "org.flywaydb..", "db",
          "org.apache.commons.compress..", "db",
          "com.networknt..", "event",
          "com.password4j..", "account",
          "picocli..", "cli");

  private static final List<String> PARTS = MAY_USE.keySet().stream().sorted().toList();

  @SuppressWarnings("UnusedVariable") // JUnit reads it
  private static final List<String> LIBRARIES = WRAPPED_BY.keySet().stream().sorted().toList();

  @ParameterizedTest
  @FieldSource("PARTS")
  void usesOnlyWhatIsBelowIt(String part) {
    String[] allowed =
        Stream.concat(Stream.of(part), MAY_USE.getOrDefault(part, List.of()).stream())
            .map(name -> ROOT + "." + name)
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(ROOT + "." + part)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(allowed)))
        .check(CLASSES);
  }

  @Test
  void knowsEveryPart() {
    assertThat(CLASSES.getPackage(ROOT).getSubpackages().stream().map(JavaPackage::getRelativeName))
        .as("a new part says in this test what it may use")
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(PARTS.stream(), Stream.of("cli")).toList());
  }

  @Test
  void commandsAreUsedByTheirEntryAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli")
        .and()
        .doNotBelongToAnyOf(Main.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".cli")
        .check(CLASSES);
  }

  @Test
  void theEntryIsUsedByNobody() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Main.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Main.class)
        .check(CLASSES);
  }

  @Test
  void partsHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @FieldSource("LIBRARIES")
  void staysBehindThePartThatWrapsIt(String library) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "." + WRAPPED_BY.get(library))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  @Test
  void signingNeedsNoLibrary() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".signing")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", ROOT + ".signing")
        .check(CLASSES);
  }

  @Test
  void sqlIsWrittenByThoseWhoOwnTables() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + ".db",
            ROOT + ".account",
            ROOT + ".webhook",
            ROOT + ".event",
            ROOT + ".crm",
            ROOT + ".delivery",
            ROOT + ".notice")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..")
        .check(CLASSES);
  }

  /** They may begin a transaction and pass it on; statements are not for them. */
  @Test
  void routesAndViewsLeaveSqlToThem() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Routes")
        .or()
        .haveSimpleNameEndingWith("View")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.jdbi.v3.core.statement..", "org.postgresql..")
        .check(CLASSES);
  }

  @Test
  void timeAndChanceAreArguments() {
    noClasses()
        .that(areNotWiring())
        .should()
        .accessTargetWhere(describe("the target is a clock or a dice", ArchitectureTest::isNature))
        .because("only the wiring knows which clock and which chance there are")
        .check(CLASSES);
  }

  private static final Map<Class<?>, Set<String>> NATURE =
      Map.ofEntries(
          Map.entry(System.class, Set.of("currentTimeMillis", "nanoTime")),
          Map.entry(Instant.class, Set.of("now")),
          Map.entry(LocalDate.class, Set.of("now")),
          Map.entry(LocalDateTime.class, Set.of("now")),
          Map.entry(OffsetDateTime.class, Set.of("now")),
          Map.entry(ZonedDateTime.class, Set.of("now")),
          Map.entry(InstantSource.class, Set.of("system")),
          Map.entry(Clock.class, Set.of("systemUTC", "systemDefaultZone", "system")),
          Map.entry(Math.class, Set.of("random")),
          Map.entry(ThreadLocalRandom.class, Set.of("current")),
          Map.entry(RandomGenerator.class, Set.of("getDefault", "of")),
          Map.entry(Random.class, Set.of("<init>")),
          Map.entry(SplittableRandom.class, Set.of("<init>")),
          Map.entry(SecureRandom.class, Set.of("<init>")));

  private static boolean isNature(JavaAccess<?> access) {
    return NATURE.entrySet().stream()
        .anyMatch(entry ->
            access.getTargetOwner().isEquivalentTo(entry.getKey())
                && entry.getValue().contains(access.getTarget().getName()));
  }

  /** Nothing that the embedded database does depends on which password it draws for itself. */
  private static DescribedPredicate<JavaClass> areNotWiring() {
    return describe(
        "are not the wiring",
        one ->
            !one.getPackageName().equals(ROOT)
                && !one.getPackageName().equals(ROOT + ".cli")
                && !one.isEquivalentTo(EmbeddedPostgres.class));
  }

  @Test
  void namesSayWhatSomethingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Data|Service|Dto|Dao|Abstract\\w*)")
        .check(CLASSES);
  }

  @Test
  void classesAreClosed() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .should(beFinalOrSealed())
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> beFinalOrSealed() {
    return new ArchCondition<>("be final or sealed") {
      @Override
      public void check(JavaClass one, ConditionEvents events) {
        boolean closed =
            one.getModifiers().contains(JavaModifier.FINAL) || one.reflect().isSealed();
        events.add(
            new SimpleConditionEvent(one, closed, one.getName() + " is open for inheritance"));
      }
    };
  }

  @Test
  void packagesSayWhatTheyOwnAndMarkNulls() {
    assertThat(packages(CLASSES.getPackage(ROOT)))
        .allSatisfy(one ->
            assertThat(one.isAnnotatedWith(NullMarked.class))
                .as("package-info of %s with @NullMarked", one.getName())
                .isTrue());
  }

  private static List<JavaPackage> packages(JavaPackage root) {
    return Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream())
        .filter(one -> !one.getClasses().isEmpty())
        .toList();
  }
}
