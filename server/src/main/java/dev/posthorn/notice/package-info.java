/**
 * Tells the members of an account, by mail, what happens to a webhook of theirs: that it keeps
 * failing, that it was disabled.
 *
 * <p>Owns the stored notices, their words, and sending them. A notice is stored in the transaction
 * of what it tells of; it is sent by a loop of its own, so that no mail server delays anything.
 * Knows nothing of deliveries.
 */
@NullMarked
package dev.posthorn.notice;

import org.jspecify.annotations.NullMarked;
