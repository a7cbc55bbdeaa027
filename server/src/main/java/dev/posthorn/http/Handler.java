package dev.posthorn.http;

/**
 * Answers one call. Runs on a virtual thread and may block. What goes wrong with the request is
 * thrown as a {@link ProblemException}; anything else thrown is answered with 500.
 */
@FunctionalInterface
public interface Handler {
  Answer handle(Call call);
}
