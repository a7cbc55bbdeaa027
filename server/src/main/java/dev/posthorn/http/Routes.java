package dev.posthorn.http;

import java.util.List;

/** What a feature offers over HTTP. */
@FunctionalInterface
public interface Routes {

  /** The routes, asked for once, before the server starts. */
  List<Route> routes();
}
