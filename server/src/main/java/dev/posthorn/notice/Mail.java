package dev.posthorn.notice;

/** A mail in plain text. */
record Mail(String to, String subject, String text) {}
