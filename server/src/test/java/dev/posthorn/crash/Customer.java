package dev.posthorn.crash;

/** An account, with what it takes to act for it. */
record Customer(String name, long account, String key) {}
