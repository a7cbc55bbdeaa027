package dev.posthorn.notice;

import java.util.Optional;
import java.util.UUID;

/**
 * The webhook that a notice is about.
 *
 * @param description as the customer wrote it: any text
 * @param failing whether it still does nothing but fail
 */
record NoticeSubject(UUID publicId, String url, Optional<String> description, boolean failing) {}
