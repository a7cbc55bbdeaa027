// The same with the standardwebhooks library, and nothing else.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { open } from "./secret.mjs";

const wh = open(Webhook, process.env.WEBHOOK_SECRET);
const port = Number(process.env.PORT ?? 3000);

async function receive(req, res) {
  const payload = await buffer(req);
  try {
    wh.verify(payload, req.headers);
  } catch (err) {
    console.error(`refused: ${err.message}`);
    return res.writeHead(400).end();
  }
  console.log(req.headers["webhook-event-type"], payload.toString());
  res.writeHead(204).end();
}

createServer((req, res) => receive(req, res).catch(() => res.destroy())).listen(port, () =>
  console.log(`listening on http://localhost:${port}/webhook`),
);
