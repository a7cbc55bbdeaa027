/** Contacts, companies and opportunities: records whose changes are events. */
@NullMarked
package dev.posthorn.crm;

import org.jspecify.annotations.NullMarked;
