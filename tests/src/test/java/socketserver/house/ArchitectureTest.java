package socketserver.house;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the published modules are built: which way dependencies go, and how long a class may be. */
class ArchitectureTest {
  private static final int MOST_LINES = 500;

  private static final List<String> MODULES = List.of("api", "netty-impl", "unix-impl", "diesel");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("socketserver")
          .that(
              DescribedPredicate.describe(
                  "are published",
                  type ->
                      !type.getPackageName().startsWith("socketserver.bench")
                          && !type.getPackageName().startsWith("socketserver.examples")));

  @Test
  void packagesOfTheTransportHaveNoCycles() {
    slices().matching("socketserver.netty(.*)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noCycleOfClassesSpansPackages() {
    Map<JavaClass, Set<JavaClass>> uses = uses();
    Set<String> cycles = new TreeSet<>();
    uses.forEach(
        (user, used) -> {
          for (JavaClass type : used) {
            boolean elsewhere = !type.getPackageName().equals(user.getPackageName());
            if (elsewhere && reaches(uses, type, user)) {
              cycles.add(user.getName() + " and " + type.getName());
            }
          }
        });
    assertEquals(Set.of(), cycles);
  }

  @Test
  void noClassHasMoreThanFiveHundredLines() throws IOException {
    Set<String> tooLong = new TreeSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (Files.readAllLines(file).size() > MOST_LINES) {
            tooLong.add(file.toString());
          }
        }
      }
    }
    assertEquals(Set.of(), tooLong);
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  /** Which classes each class uses, nested ones counted as their outermost. */
  private static Map<JavaClass, Set<JavaClass>> uses() {
    Map<JavaClass, Set<JavaClass>> uses = new HashMap<>();
    for (JavaClass type : CLASSES) {
      JavaClass user = outermost(type);
      Set<JavaClass> used = uses.computeIfAbsent(user, none -> new HashSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = outermost(dependency.getTargetClass().getBaseComponentType());
        if (CLASSES.contain(target.getName()) && !target.equals(user)) {
          used.add(target);
        }
      }
    }
    return uses;
  }

  private static boolean reaches(
      Map<JavaClass, Set<JavaClass>> uses, JavaClass from, JavaClass to) {
    Set<JavaClass> seen = new HashSet<>();
    Deque<JavaClass> left = new ArrayDeque<>(List.of(from));
    while (!left.isEmpty()) {
      JavaClass next = left.pop();
      if (next.equals(to)) {
        return true;
      }
      if (seen.add(next)) {
        left.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return false;
  }
}
