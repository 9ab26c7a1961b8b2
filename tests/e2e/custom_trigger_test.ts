import assert from "node:assert/strict";
import { writeApp } from "../support/app.ts";
import { runCli, startCli } from "../support/cli.ts";

const MOD = new URL("../../mod.ts", import.meta.url).href;

const MANIFEST = `spin_manifest_version = 2
[application]
name = "custom"
[application.triggers]
pulse = "./pulse.ts"

[[trigger.pulse]]
component = "wat-echo"
words = ["one", "two"]

[component.wat-echo]
source = "{wat-echo}"
`;

/** A trigger as a user writes it, with a schema of no library at all. */
const PULSE = `import { defineTrigger } from "${MOD}";

const config = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate(value) {
      const words = value.words;
      if (!Array.isArray(words)) {
        return { issues: [{ message: "There are no words", path: ["words"] }] };
      }
      const wrong = words.findIndex((word) => typeof word !== "string");
      if (wrong >= 0) {
        return { issues: [{ message: "A word is no text", path: ["words", { key: wrong }] }] };
      }
      return { value: { words } };
    },
  },
};

export default defineTrigger({
  type: "pulse",
  config,
  entryPoint: { export: "handle-timer-request" },
  describe: ({ words }) => \`says \${words.length} words\`,
  async run({ triggers, signal, once }) {
    for (const { config, dispatch } of triggers) {
      for (const [index, word] of config.words.entries()) {
        await dispatch({ id: String(index), args: [word] });
        if (once) break;
      }
    }
    if (!once) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  },
});
`;

/** The timer, written outside: it has policies, the ledger and simulation, too. */
const METRONOME = `import { defineTrigger, intervalSchedule, runSchedules } from "${MOD}";

const config = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const policy = { overlap: "skip", missed: "skip", catchUpWindow: 0, jitter: 0 };
const scheduleOf = ({ ms }, start) => intervalSchedule({ anchor: start + ms, interval: ms });

export default defineTrigger({
  type: "metronome",
  config,
  entryPoint: { export: "handle-timer-request" },
  schedule: (config, start) => ({ schedule: scheduleOf(config, start), timezone: "UTC" }),
  run: (host) =>
    runSchedules(host, (trigger, start) => ({
      trigger,
      schedule: scheduleOf(trigger.config, start),
      policy,
      followsWallClock: false,
    })),
});
`;

function withMetronome(): string {
  return MANIFEST.replaceAll("pulse", "metronome").replace('words = ["one", "two"]', "ms = 100");
}

Deno.test("a trigger type of a manifest's own is validated, checked, run and stopped like ours", async () => {
  await using app = await writeApp({ manifest: MANIFEST, files: { "pulse.ts": PULSE } });
  const check = await runCli(["check", app.manifest]);
  assert.equal(check.code, 0, check.stderr);
  assert.match(
    check.stdout,
    /^trigger type pulse: a program that runs with the host's permissions/,
  );
  assert.match(
    check.stdout,
    /trigger wat-echo-pulse-trigger: pulse, says 2 words, calls handle-timer-request/,
  );
  const test = await runCli([app.manifest, "--test"]);
  assert.equal(test.code, 0, test.stderr);
  assert.match(test.stdout, /wat-echo: ECHO: one\n/);
  const cli = startCli([app.manifest, "--log-dir", "", "--no-state"]);
  await cli.until("wat-echo: ECHO: two");
  cli.kill("SIGINT");
  const { code, stdout } = await cli.result;
  assert.equal(code, 0);
  assert.match(stdout, /Stopped: 2 ok, 0 failed, 0 skipped/);
});

Deno.test("a timer written outside has the ledger, schedule and simulate", async () => {
  await using app = await writeApp({
    manifest: withMetronome(),
    files: { "metronome.ts": METRONOME },
  });
  const span = ["--from", "2026-01-01T00:00Z", "--to", "2026-01-01T00:00:00.350Z"];
  const schedule = await runCli(["schedule", app.manifest, ...span]);
  assert.equal(schedule.stdout.match(/wat-echo-metronome-trigger/g)?.length, 3, schedule.stderr);
  const simulate = await runCli(["simulate", app.manifest, ...span, "--format", "json"]);
  assert.deepEqual(
    simulate.stdout.trimEnd().split("\n").map((line) => JSON.parse(line)).map((run) => [
      run.scheduled,
      run.outcome,
    ]),
    ["100", "200", "300"].map((ms) => [`2026-01-01T00:00:00.${ms}Z`, "ok"]),
  );
  const cli = startCli([app.manifest, "--log-dir", ""]);
  await cli.until("ECHO: ", 3);
  cli.kill("SIGINT");
  assert.equal((await cli.result).code, 0);
  const runs = await runCli(["runs", app.directory]);
  assert.ok((runs.stdout.match(/wat-echo-metronome-trigger +ok/g)?.length ?? 0) >= 3, runs.stdout);
});

const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, string, RegExp])[] = [
  [
    "names no file",
    {},
    MANIFEST,
    /error\[ERR_TRIGGER_MODULE\]: The trigger type "pulse" cannot be loaded from \.\/pulse\.ts: /,
  ],
  [
    "exports no trigger",
    { "pulse.ts": "export default 5;" },
    MANIFEST,
    /ERR_TRIGGER_MODULE\]: \.\/pulse\.ts is to be the trigger type "pulse", and has a default export that is none/,
  ],
  [
    "exports a trigger of another name",
    { "pulse.ts": PULSE.replace('type: "pulse"', 'type: "beat"') },
    MANIFEST,
    /and has a default export of the type "beat"/,
  ],
  [
    "takes the name of a built-in one",
    { "pulse.ts": PULSE.replace('type: "pulse"', 'type: "timer"') },
    MANIFEST.replaceAll("pulse =", "timer =").replace("[[trigger.pulse]]", "[[trigger.timer]]"),
    /ERR_DUPLICATE_TRIGGER_TYPE\]: There are two trigger types "timer"/,
  ],
  [
    "finds a wrong key",
    { "pulse.ts": PULSE },
    MANIFEST.replace('["one", "two"]', '["one", 2]'),
    /error\[ERR_INVALID_VALUE\]: A word is no text\n +--> .*app\.toml:9:17/,
  ],
  [
    "calls what the component does not export",
    { "pulse.ts": PULSE.replace("handle-timer-request", "handle-pulse") },
    MANIFEST,
    /ERR_NO_ENTRY_POINT\]: .* exports nothing that a pulse trigger can call/,
  ],
];

for (const [what, files, manifest, message] of REFUSED) {
  Deno.test(`a trigger type of a manifest's own is refused that ${what}`, async () => {
    await using app = await writeApp({ manifest, files });
    const { code, stderr } = await runCli([app.manifest, "--test"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
}
