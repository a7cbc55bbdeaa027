package dev.posthorn.db;

/**
 * Where a PostgreSQL database is and who connects to it.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}; its own parameters win over those
 *     that {@link Database} sets
 */
public record DatabaseAddress(String jdbcUrl, String user, Secret password) {}
