/**
 * The edge of the API: strict JSON in, problems out, authentication, paging and limits.
 *
 * <p>Knows no feature: features bring their routes and use what is here.
 */
@NullMarked
package dev.posthorn.http;

import org.jspecify.annotations.NullMarked;
