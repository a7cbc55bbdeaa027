/**
 * What the operator decides: one table of settings, read once from a file and the environment.
 *
 * <p>Owns names, defaults, forms and the words for what is wrong with them. Knows nothing of the
 * parts that the values are for.
 */
@NullMarked
package dev.posthorn.config;

import org.jspecify.annotations.NullMarked;
