/**
 * Deliveries: lanes, shards, rate window, retries and the recorder.
 *
 * <p>Takes what was published to the receivers, at each webhook's own pace, and writes down what
 * happened.
 */
@NullMarked
package dev.posthorn.delivery;

import org.jspecify.annotations.NullMarked;
