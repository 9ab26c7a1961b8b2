import assert from "node:assert/strict";
import { join } from "node:path";
import { RunLedger } from "../../src/services/ledger/run_ledger.ts";
import { writeApp } from "../support/app.ts";
import { type CliResult, runCli } from "../support/cli.ts";

const HOUR = 3_600_000;
const MANIFEST = `[application]
name = "test"
[[trigger.timer]]
id = "poll"
component = "quick"
interval = "1h"
[[trigger.cron]]
id = "report"
component = "slow"
schedule = "30 2 * * *"
[component.quick]
source = "{wat-echo}"
[component.slow]
source = "{wat-echo}"
`;

/** An application with five records: two ok, three missed as one, a trap, one that is running. */
async function withRuns(
  work: (app: { readonly directory: string; readonly noon: number }) => Promise<void>,
): Promise<void> {
  await using app = await writeApp({ manifest: MANIFEST });
  const noon = Math.floor(Date.now() / HOUR) * HOUR;
  // It is a host's: it has the lock while the command line reads.
  using ledger = RunLedger.open({
    directory: join(app.directory, ".gyre"),
    application: "app.toml",
    now: noon,
    lock: true,
  });
  fill(ledger, noon);
  await work({ directory: app.directory, noon });
}

function fill(ledger: RunLedger, noon: number): void {
  const [poll, report] = [ledger.trigger("poll", "quick"), ledger.trigger("report", "slow")];
  for (const runs of [poll, report]) runs.resume("key", noon - 9 * HOUR);
  const begin = (runs: typeof poll, hour: number) => {
    const id = runs.schedule(noon + hour * HOUR) ?? 0;
    runs.start(id, noon + hour * HOUR);
    return id;
  };
  const end = noon - HOUR;
  poll.finish(begin(poll, -8), { outcome: "ok", duration: 12, outputSize: 2_048 }, end);
  const passed = { first: noon - 7 * HOUR, last: noon - 5 * HOUR, count: 3 } as const;
  poll.pass({ ...passed, outcome: "missed", message: "Not run, because the host was down" });
  poll.finish(begin(poll, -4), { outcome: "ok", duration: 1 }, end);
  const trapped = begin(report, -3);
  report.write(trapped, { attempt: 1, stream: "stdout", line: "one" });
  report.start(trapped, noon);
  report.write(trapped, { attempt: 2, stream: "stderr", line: "two" });
  report.finish(trapped, { outcome: "trap", message: "unreachable", fuel: 9, cpu: 0.5 }, end);
  begin(poll, -1);
}

function rowsOf({ stdout }: CliResult): readonly (readonly string[])[] {
  return stdout.trimEnd().split("\n").slice(1).map((line) => line.split(/ {2,}/));
}

/** The ids and outcomes of what `--json` printed. */
function shownBy({ stdout }: CliResult): readonly string[] {
  return stdout.split("\n").filter((line) => line !== "").map((line) => {
    const { id, outcome, state } = JSON.parse(line);
    return `${id} ${outcome ?? state}`;
  });
}

Deno.test("gyre runs prints a line for each record, the latest first, while a host runs", async () => {
  await withRuns(async ({ directory, noon }) => {
    const result = await runCli(["runs", directory]);
    assert.deepEqual([result.code, result.stderr], [0, ""]);
    const at = (hour: number) => new Date(noon + hour * HOUR).toISOString();
    assert.deepEqual(rowsOf(result), [
      ["5", at(-1), "poll", "running", "1", "-", "-"],
      ["4", at(-3), "report", "trap", "2", "-", "-", "unreachable"],
      ["3", at(-4), "poll", "ok", "1", "1 ms", "-"],
      [
        ...["2", at(-7), "poll", "missed x3", "0", "-", "-"],
        "Not run, because the host was down",
      ],
      ["1", at(-8), "poll", "ok", "1", "12 ms", "2KiB"],
    ]);
    const columns = result.stdout.trimEnd().split("\n").map((line) => line.slice(30).indexOf("  "));
    assert.ok(columns.every((column) => column > 0), result.stdout);
  });
});

const FILTERS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["nothing", [], ["5 running", "4 trap", "3 ok", "2 missed", "1 ok"]],
  ["--component", ["--component", "slow"], ["4 trap"]],
  ["--trigger", ["--trigger", "poll"], ["5 running", "3 ok", "2 missed", "1 ok"]],
  ["several outcomes", ["--outcome", "trap", "missed"], ["4 trap", "2 missed"]],
  ["--limit", ["--limit", "2"], ["5 running", "4 trap"]],
  ["all of them", ["-c", "quick", "-t", "poll", "--outcome", "ok", "-n", "1"], ["3 ok"]],
];

for (const [name, args, expected] of FILTERS) {
  Deno.test(`gyre runs filters by ${name}`, async () => {
    await withRuns(async ({ directory }) => {
      assert.deepEqual(shownBy(await runCli(["runs", directory, "--json", ...args])), expected);
    });
  });
}

Deno.test("gyre runs --since takes a duration or a moment, and counts the end of a row", async () => {
  await withRuns(async ({ directory, noon }) => {
    const since = async (text: string) =>
      shownBy(await runCli(["runs", directory, "--json", "--since", text]));
    assert.deepEqual(await since("3h"), ["5 running"]);
    const middleOfRow = new Date(noon - 6 * HOUR).toISOString();
    assert.deepEqual(await since(middleOfRow), ["5 running", "4 trap", "3 ok", "2 missed"]);
    const { code, stderr } = await runCli(["runs", directory, "--since", "yesterday"]);
    assert.equal(code, 2);
    assert.match(stderr, /Expected a duration/);
  });
});

Deno.test("--json is --format json, with times in RFC 3339", async () => {
  await withRuns(async ({ directory, noon }) => {
    const args = ["runs", directory, "-n", "1", "--outcome", "missed"];
    const { stdout } = await runCli([...args, "--json"]);
    assert.equal(stdout, (await runCli([...args, "--format", "json"])).stdout);
    const run = JSON.parse(stdout);
    assert.equal(run.type, "run");
    assert.equal(run.count, 3);
    assert.equal(run.scheduled, new Date(noon - 7 * HOUR).toISOString());
    assert.equal(run.scheduledLast, new Date(noon - 5 * HOUR).toISOString());
  });
});

Deno.test("gyre runs show prints all of a run, and the lines of each attempt", async () => {
  await withRuns(async ({ directory }) => {
    const { code, stdout } = await runCli(["runs", "show", "4", directory]);
    assert.equal(code, 0);
    assert.match(stdout, /^run +4\ntrigger +report\ncomponent +slow\n/);
    assert.match(stdout, /\nCPU +about 500 µs \(9 fuel\)\n/);
    assert.ok(stdout.endsWith("stdout | one\nattempt 2:\nstderr | two\n"), stdout);
    const { lines } = JSON.parse((await runCli(["runs", "show", "4", directory, "--json"])).stdout);
    assert.deepEqual(lines, [
      { attempt: 1, stream: "stdout", line: "one" },
      { attempt: 2, stream: "stderr", line: "two" },
    ]);
  });
});

Deno.test("gyre runs takes the application of the current directory", async () => {
  await withRuns(async ({ directory }) => {
    const cli = new URL("../../cli.ts", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", cli, "runs", "--json", "--limit", "1"],
      cwd: directory,
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(JSON.parse(new TextDecoder().decode(stdout)).id, 5);
  });
});

Deno.test("gyre runs shows its own application's runs where several share a directory", async () => {
  await withRuns(async ({ directory }) => {
    const stateDir = join(directory, ".gyre");
    {
      using other = RunLedger.open({ directory: stateDir, application: "other.toml", now: 0 });
      const runs = other.trigger("poll", "quick");
      runs.resume("key", 0);
      runs.schedule(1);
    }
    const args = ["--json", "--state-dir", stateDir];
    assert.equal(shownBy(await runCli(["runs", directory, ...args])).length, 5);
    const { code, stdout } = await runCli(["runs", "show", "6", directory, ...args]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).code, "ERR_UNKNOWN_RUN");
  });
});

Deno.test("gyre runs says that there is no ledger, and exits with 0", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  assert.deepEqual(await runCli(["runs", app.directory]), {
    code: 0,
    stdout: "",
    stderr: "Nothing was run here yet.\n",
  });
});

Deno.test("gyre runs says what is wrong with a ledger that it cannot read", async () => {
  await using app = await writeApp({ manifest: MANIFEST });
  await Deno.mkdir(join(app.directory, ".gyre"));
  await Deno.writeTextFile(join(app.directory, ".gyre", "runs.db"), "x".repeat(5_000));
  const plain = await runCli(["runs", app.directory]);
  assert.equal(plain.code, 1);
  assert.match(plain.stderr, /^error\[ERR_STATE_OPEN\]: Cannot open .*\.gyre\/runs\.db: /);
  const json = await runCli(["runs", app.directory, "--json"]);
  assert.equal(JSON.parse(json.stdout).code, "ERR_STATE_OPEN");
});
