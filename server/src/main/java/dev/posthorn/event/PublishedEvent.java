package dev.posthorn.event;

import java.util.List;

/**
 * An event that is stored, with its deliveries.
 *
 * @param webhookIds the internal ids of the webhooks that it goes to
 */
public record PublishedEvent(NewEvent event, List<Long> webhookIds) {}
