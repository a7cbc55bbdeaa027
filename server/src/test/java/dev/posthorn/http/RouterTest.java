package dev.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final Route list = route("GET", "/a");
  private final Route read = route("GET", "/a/{id}");
  private final Route special = route("GET", "/a/special");
  private final Route inner = route("POST", "/a/{id}/b/{name}");
  private final Route root = route("GET", "/");
  private final Router router = new Router(List.of(list, read, special, inner, root));

  @Test
  void findsTheRouteAndTheValuesInItsPath() {
    assertThat(router.match("GET", "/a")).isEqualTo(new Router.Found(list, Map.of()));
    assertThat(router.match("GET", "/")).isEqualTo(new Router.Found(root, Map.of()));
    assertThat(router.match("GET", "/a/7")).isEqualTo(new Router.Found(read, Map.of("id", "7")));
    assertThat(router.match("POST", "/a/x%2Fy/b/a+b%20c"))
        .isEqualTo(new Router.Found(inner, Map.of("id", "x/y", "name", "a+b c")));
  }

  @Test
  void prefersWhatIsSpelledOut() {
    assertThat(router.match("GET", "/a/special")).isEqualTo(new Router.Found(special, Map.of()));
  }

  @Test
  void tellsAnUnknownPathFromAWrongMethod() {
    assertThat(router.match("GET", "/b")).isEqualTo(new Router.NoSuchPath());
    assertThat(router.match("GET", "/a/")).isEqualTo(new Router.NoSuchPath());
    assertThat(router.match("GET", "/a/7/b")).isEqualTo(new Router.NoSuchPath());
    assertThat(router.match("PUT", "/a")).isEqualTo(new Router.WrongMethod("GET, HEAD"));
    assertThat(router.match("GET", "/a/7/b/c")).isEqualTo(new Router.WrongMethod("POST"));
  }

  @Test
  void refusesTheSameRouteTwice() {
    assertThatThrownBy(() -> new Router(List.of(list, route("GET", "/a"))))
        .hasMessageContaining("GET /a");
  }

  private static Route route(String method, String path) {
    return Route.open(method, path, call -> Answer.noContent());
  }
}
