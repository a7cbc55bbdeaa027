package dev.posthorn.egress;

/**
 * What was kept of a response, as it came: nothing is decoded, inflated or interpreted.
 *
 * @param head status line and headers, each line with CR LF, without the empty line
 * @param body the first bytes of the body, freed from chunk framing only
 * @param headTruncated whether more head came than is kept
 * @param bodyTruncated whether more body came, or would have come, than is kept
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ResponseCapture(
    byte[] head, byte[] body, boolean headTruncated, boolean bodyTruncated) {}
