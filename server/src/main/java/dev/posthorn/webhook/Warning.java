package dev.posthorn.webhook;

/**
 * What was accepted, but is worth a look.
 *
 * @param code stable
 * @param message for people
 */
record Warning(String code, String message) {}
