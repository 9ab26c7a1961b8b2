import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StateError } from "../../src/errors.ts";
import { start } from "../../src/runtime/start.ts";
import { cronSchema } from "../../src/triggers/cron/cron_schema.ts";
import { jcoReady } from "../compile/jco_ready.ts";
import { applicationOf } from "../context/application_of.ts";
import { timerConfig } from "../support/timer_config.ts";

await jcoReady();

Deno.test("an application whose ledger cannot be written stops all of its triggers, and says so", async () => {
  const directory = await Deno.makeTempDir({ prefix: "gyre-test-" });
  try {
    const application = await applicationOf({
      components: ["wat-echo"],
      timers: [],
      application: {
        triggers: [
          {
            id: "t",
            type: "timer",
            component: "wat-echo",
            config: timerConfig({ interval: "50ms" }),
          },
          {
            id: "c",
            type: "cron",
            component: "wat-echo",
            config: cronSchema.config.parse({ schedule: "0 0 1 1 *" }),
          },
        ],
        triggerSettings: { timer: { speedup: 1 }, cron: { scheduler: "host" } },
      },
    });
    const running = await start(application, { stateDir: directory, isolation: "inline" });
    await new Promise((resolve) => running.events.on("outcome", resolve));
    const database = new DatabaseSync(join(directory, "runs.db"));
    database.exec("DROP TABLE lines; DROP TABLE runs");
    database.close();
    await assert.rejects(running.finished, (error) => {
      assert.ok(error instanceof StateError);
      assert.equal(error.code, "ERR_STATE_WRITE");
      assert.match(error.message, /runs\.db: no such table/);
      return true;
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
