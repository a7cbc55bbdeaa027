// Receives webhooks and verifies them with the svix library.
import bodyParser from "body-parser";
import express from "express";
import { Webhook } from "svix";
import { open } from "./secret.mjs";

const wh = open(Webhook, process.env.WEBHOOK_SECRET);
const port = Number(process.env.PORT ?? 3000);
const app = express();

// The raw bytes: what was signed is the body as it was sent, not what a JSON parser makes of it.
app.post("/webhook", bodyParser.raw({ type: "application/json", limit: "1mb" }), (req, res) => {
  const payload = req.body;
  const headers = req.headers;

  try {
    wh.verify(payload, headers);
  } catch (err) {
    console.error(`refused: ${err.message}`);
    return res.status(400).json({});
  }

  // Do something with the message. The same webhook-id may come again: do its work once.
  console.log(headers["webhook-event-type"], payload.toString());
  res.json({});
});

app.listen(port, () => console.log(`listening on http://localhost:${port}/webhook`));
