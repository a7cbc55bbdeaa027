package dev.posthorn.db;

/**
 * Where a PostgreSQL database is and who connects to it.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}; its parameters win over those that
 *     {@link Database} sets, except for the user and the password
 */
public record DatabaseAddress(String jdbcUrl, String user, Secret password) {}
