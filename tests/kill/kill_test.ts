import assert from "node:assert/strict";
import { killHosts } from "./kill_run.ts";

Deno.test("a host that is killed 8 times under load records no tick twice, and loses none", async () => {
  const { kills, outcomes, calls } = await killHosts({ kills: 8, seed: 1 });
  assert.equal(kills, 8);
  assert.ok(calls > 100, `${calls} calls`);
  assert.ok((outcomes["ok"] ?? 0) > 100, JSON.stringify(outcomes));
  assert.ok((outcomes["missed"] ?? 0) > 0, JSON.stringify(outcomes));
});
