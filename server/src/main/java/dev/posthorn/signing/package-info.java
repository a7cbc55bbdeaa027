/**
 * Standard Webhooks signatures: which keys a secret stands for, and what they sign.
 *
 * <p>Knows nothing of webhooks, storage or HTTP clients: text and bytes in, header values out.
 */
@NullMarked
package dev.posthorn.signing;

import org.jspecify.annotations.NullMarked;
