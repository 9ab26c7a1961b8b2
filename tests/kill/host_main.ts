/**
 * A host under load, for a test that kills it. What its guests did is written to a file of evidence,
 * apart from the ledger: `begin` and `end` with the trigger and the nominal time.
 *
 * Usage: `host_main.ts STATE_DIR EVIDENCE`
 *
 * @module
 */

import { start } from "../../mod.ts";
import { RunEvents } from "../../src/runtime/events.ts";
import { killApplication } from "./kill_application.ts";

const [stateDir = "", evidence = ""] = Deno.args;
const file = Deno.openSync(evidence, { append: true, create: true });
const encoder = new TextEncoder();
const events = new RunEvents();
events.on("outcome", ({ trigger, event, kind }) => {
  file.writeSync(encoder.encode(`${trigger} ${event} ${kind}\n`));
});
events.on("started", () => Deno.stdout.writeSync(encoder.encode("started\n")));
const { cache, application } = await killApplication();
const running = await start(application, {
  stateDir,
  events,
  cacheDir: cache,
  // A worker's thread takes half a second to start, and what is killed here is the host.
  isolation: "inline",
});
await running.finished;
