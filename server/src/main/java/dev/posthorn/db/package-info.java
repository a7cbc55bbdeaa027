/**
 * The one dependency: PostgreSQL, embedded or external.
 *
 * <p>Owns the data folder and its lock, the embedded server, the connection pool, transactions and
 * migrations. Knows nothing of what the tables mean.
 */
@NullMarked
package dev.posthorn.db;

import org.jspecify.annotations.NullMarked;
