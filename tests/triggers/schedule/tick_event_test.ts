import assert from "node:assert/strict";
import { tickEvent } from "../../../src/triggers/schedule/tick_event.ts";

const SCHEDULED = Date.UTC(2026, 2, 29, 1);
const TICK = { scheduled: SCHEDULED, attempt: 2 };
const POLICY = { overlap: "skip", missed: "skip", catchUpWindow: 0, jitter: 0 } as const;

Deno.test("tickEvent() tells the guest which tick and which attempt it is", () => {
  assert.deepEqual(tickEvent(TICK, "report", POLICY), {
    id: "2026-03-29T01:00:00.000Z",
    args: ["2026-03-29T01:00:00.000Z", SCHEDULED],
    environment: {
      GYRE_TRIGGER_ID: "report",
      GYRE_SCHEDULED_TIME: "2026-03-29T01:00:00.000Z",
      GYRE_ATTEMPT: "2",
    },
  });
});

Deno.test("tickEvent() hands on input in place of the nominal time", () => {
  const { args, environment } = tickEvent(TICK, "report", { ...POLICY, input: "daily" });
  assert.deepEqual(args, ["daily", SCHEDULED]);
  assert.equal(environment?.["GYRE_SCHEDULED_TIME"], "2026-03-29T01:00:00.000Z");
});

Deno.test("tickEvent() hands on the timeout of one attempt", () => {
  assert.equal(tickEvent(TICK, "report", { ...POLICY, timeout: 5_000 }).timeout, 5_000);
});
