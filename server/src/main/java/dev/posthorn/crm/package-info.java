/**
 * Contacts, companies and opportunities: records whose changes are events.
 *
 * <p>Each kind is described once, field by field ({@link dev.posthorn.crm.Contact}, {@link
 * dev.posthorn.crm.Company}, {@link dev.posthorn.crm.Opportunity}); reading bodies, merging
 * patches, storing and showing all follow that description. A record and its event are stored in
 * one transaction. Knows nothing of webhooks or of how deliveries are made.
 */
@NullMarked
package dev.posthorn.crm;

import org.jspecify.annotations.NullMarked;
