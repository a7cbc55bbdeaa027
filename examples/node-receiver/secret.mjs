// A whsec_ secret, or any text that is base64, goes to the library as it is. It throws for other
// texts, such as "your-webhook-secret": their UTF-8 bytes are the key then.
export function open(Webhook, secret) {
  if (!secret) {
    throw new Error("Set WEBHOOK_SECRET to the webhook's secret");
  }
  try {
    return new Webhook(secret);
  } catch {
    return new Webhook(new TextEncoder().encode(secret), { format: "raw" });
  }
}
