package dev.posthorn.notice;

import java.util.Locale;

/** What a notice tells. */
public enum NoticeKind {
  /** A webhook does nothing but fail, and will be disabled. */
  WARNING,
  /** It was disabled for that. */
  FAILING,
  /** It was disabled because it answered 410. */
  GONE;

  /** As the database keeps it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static NoticeKind of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
