/** Accounts, their members and API keys: who is calling, and what the key may do. */
@NullMarked
package dev.posthorn.account;

import org.jspecify.annotations.NullMarked;
