/**
 * What the operator decides: one table of settings, read once from a file and the environment.
 *
 * <p>Owns names, defaults, forms and the words for what is wrong with them. Takes from the parts
 * only the types of values, such as address ranges; knows nothing of what they are for.
 */
@NullMarked
package dev.posthorn.config;

import org.jspecify.annotations.NullMarked;
