package dev.posthorn.http;

/**
 * One thing wrong with a request.
 *
 * @param field where: the path of a field ({@code webhook.filter_types[2]}) or a query parameter
 * @param code stable, such as {@code out_of_range}
 * @param message for people: the field, the value, shortened, and the rule
 */
public record Fault(String field, String code, String message) {}
