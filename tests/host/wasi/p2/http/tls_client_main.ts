// Sends one request over TLS to each authority, and prints what came of it. A process of its own,
// because which authorities Deno trusts is said when it starts.

import { Client } from "./client.ts";

for (const authority of Deno.args) {
  using client = new Client(["https://*:*"]);
  let outcome: string;
  try {
    outcome = (await client.send({ authority, scheme: { tag: "HTTPS" } })).body;
  } catch (error) {
    outcome = (error as { tag?: string }).tag ?? String(error);
  }
  await Deno.stdout.write(new TextEncoder().encode(`${outcome}\n`));
}
