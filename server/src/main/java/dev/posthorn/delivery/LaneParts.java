package dev.posthorn.delivery;

import dev.posthorn.db.EngineClock;
import dev.posthorn.db.TimeOrderedIds;

/**
 * What all lanes of a node share.
 *
 * @param lease whether this node may send
 * @param slots how many requests may be under way on this node
 * @param buffers how much the buffers of all lanes may hold together
 * @param workers where exchanges and fetches run, and what wakes lanes later
 */
record LaneParts(
    EngineClock clock,
    TimeOrderedIds attemptIds,
    Lease lease,
    NodeSlots slots,
    Workers workers,
    Sender sender,
    Judge judge,
    Recorder recorder,
    DeliveryQueue queue,
    BufferBudget buffers,
    DeliverySettings settings) {}
