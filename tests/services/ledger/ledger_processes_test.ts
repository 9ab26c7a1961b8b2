import assert from "node:assert/strict";
import { join } from "node:path";
import { LedgerWriter } from "./ledger_writer.ts";
import { codeOf, open, withDirectory } from "./open_ledger.ts";

const LEDGER = new URL("../../../src/services/ledger/run_ledger.ts", import.meta.url).href;

/** Runs a program that has `RunLedger`, with no permissions but those. */
async function runProgram(
  program: string,
  permissions: readonly string[] = [],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const code = `import { RunLedger } from ${JSON.stringify(LEDGER)};\n${program}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", ...permissions],
      `data:application/typescript,${encodeURIComponent(code)}`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("a ledger in memory needs no permission", async () => {
  const { stdout, stderr } = await runProgram(`
    using ledger = RunLedger.open({ application: "a", now: 0, lock: true });
    const runs = ledger.trigger("t", "c");
    runs.resume("k", 0);
    runs.finish(runs.schedule(1) ?? 0, { outcome: "ok" }, 1);
    console.log(ledger.list().length);`);
  assert.deepEqual({ stdout, stderr }, { stdout: "1\n", stderr: "" });
});

Deno.test("a ledger on disk needs to read and write its directory, and nothing else", async () => {
  await withDirectory(async (directory) => {
    const writer = new LedgerWriter({ directory, ticks: 5 });
    assert.deepEqual(await writer.ended, { code: 0, stderr: "" });
    assert.equal(writer.lines.at(-1), "done");
    const reading = [`--allow-read=${directory}`];
    const options = JSON.stringify({ directory, application: "a", now: 0 });
    const { stderr } = await runProgram(`RunLedger.open(${options});`, reading);
    assert.match(stderr, /Cannot open the ledger of runs .*runs\.db: Requires write access/);
  });
});

Deno.test("the lock of a host that is killed is given back, and that of one that runs is not", async () => {
  await withDirectory(async (directory) => {
    const writer = new LedgerWriter({ directory });
    await writer.until(1);
    assert.equal(codeOf(() => open({ directory, lock: true })), "ERR_STATE_LOCKED");
    const other = new LedgerWriter({ directory, ticks: 0 });
    const { code, stderr } = await other.ended;
    assert.notEqual(code, 0);
    assert.match(stderr, /StateError: Another Gyre runs app\.toml/);
    await writer.kill();
    using ledger = open({ directory, lock: true, now: 0 });
    assert.ok(ledger.list().length > 0);
  });
});

Deno.test("a reader sees what another process writes, while that goes on", async () => {
  await withDirectory(async (directory) => {
    const writer = new LedgerWriter({ directory });
    await writer.until(1);
    {
      using reader = open({ directory, readOnly: true });
      let seen = 0;
      for (const lines of [100, 200, 400]) {
        await writer.until(lines);
        const { length } = reader.list({ limit: Infinity });
        assert.ok(length > seen, `${length} records after ${seen}`);
        seen = length;
      }
    }
    await writer.kill();
  });
});

Deno.test("hosts of several applications begin a ledger at once, and write it side by side", async () => {
  await withDirectory(async (directory) => {
    const applications = ["a.toml", "b.toml", "c.toml", "d.toml"];
    const writers = applications.map((application) =>
      new LedgerWriter({ directory, application, ticks: 200 })
    );
    for (const { ended } of writers) assert.deepEqual(await ended, { code: 0, stderr: "" });
    for (const [index, application] of applications.entries()) {
      using ledger = open({ directory, application, readOnly: true });
      const finished = ledger.list({ limit: Infinity })
        .filter(({ attempts }) => attempts > 0).length;
      const said = writers[index]?.lines.filter((line) => line.startsWith("finish")).length;
      assert.equal(finished, said);
    }
  });
});

Deno.test("a host whose disk is full stops with ERR_STATE_WRITE, and keeps what was written", async () => {
  await withDirectory(async (directory) => {
    await Deno.mkdir(directory);
    const program = `
      import { RunLedger } from ${JSON.stringify(LEDGER)};
      using ledger = RunLedger.open({ directory: Deno.args[0], application: "app.toml", now: 0 });
      const runs = ledger.trigger("t", "c");
      runs.resume("k", 0);
      for (let tick = 1; ; tick++) {
        try {
          runs.finish(runs.schedule(tick) ?? 0, { outcome: "ok" }, tick);
        } catch (error) {
          console.log(tick - 1, error.code);
          break;
        }
      }`;
    const main = join(directory, "main.ts");
    await Deno.writeTextFile(main, program);
    // A limit of the size of files is as good as a full disk.
    const script = 'trap "" XFSZ; ulimit -f 1000; exec "$0" run -A --no-check "$@"';
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", script, Deno.execPath(), main, directory],
      env: { NO_COLOR: "1" },
    }).output();
    const [ticks, code] = new TextDecoder().decode(stdout).trim().split(" ");
    assert.equal(code, "ERR_STATE_WRITE");
    using ledger = open({ directory, now: 0 });
    const finished = ledger.list({ outcomes: ["ok"], limit: Infinity }).length;
    assert.ok(finished > 0);
    assert.equal(finished, Number(ticks));
  });
});
