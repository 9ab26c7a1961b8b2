import assert from "node:assert/strict";
import { attempts } from "./attempts.ts";
import { EvilCode, Fortress } from "./fortress.ts";
import { openFile, readFile, request, statusOf } from "./actions.ts";
import { type Ending, resist } from "./resist.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { executorSpec } from "../isolation/executor_spec.ts";
import { RawGuest } from "../support/test_kit/raw_guest.ts";
import { createSite } from "./site.ts";

const code = new EvilCode();
/** How much longer (ms) than its timeout a call may take, on a machine that has other things to do. */
const LATENESS = 4_000;
/** How many workers may be replaced: where a guest fills the heap, and where the machine is busy. */
const MAXIMUM_DEATHS = 4;
const MAXIMUM_RSS_GROWTH = 1.5 * 2 ** 30;

Deno.test("there are sixty attempts at the least, and no two have one name", () => {
  assert.ok(attempts.length >= 60);
  assert.equal(new Set(attempts.map(({ name }) => name)).size, attempts.length);
});

Deno.test("a guest may do what it was granted, so that the attempts fail for their own reasons", async () => {
  await using site = await createSite();
  await using fortress = new Fortress(code, site, { policy: true, deno: true });
  using loose = await fortress.letLoose(undefined, 5_000);
  const { guest } = loose;
  assert.equal(await readFile(guest, "own.txt"), "mine");
  await openFile(guest, "directory", { open: ["directory"] });
  const authority = `127.0.0.1:${site.allowedPort}`;
  assert.equal(await statusOf(guest, await request(guest, { authority })), 200);
});

Deno.test("the policy holds against every attempt", async () => {
  await using site = await createSite();
  await using fortress = new Fortress(code, site, { policy: true, deno: true });
  const before = Deno.memoryUsage().rss;
  const endings: Ending[] = [];
  for (const attempt of attempts) {
    endings.push(await resist(attempt, { fortress, site, policy: true }));
  }
  assert.deepEqual(wrong(endings, ({ wallOne }) => wallOne), []);
  assert.ok(fortress.deaths <= MAXIMUM_DEATHS, `${fortress.deaths} workers died`);
  assert.ok(Deno.memoryUsage().rss - before < MAXIMUM_RSS_GROWTH);
});

Deno.test("Deno's permissions hold by themselves against every attempt that they can express", async () => {
  await using site = await createSite();
  await using fortress = new Fortress(code, site, { policy: false, deno: true });
  const endings: Ending[] = [];
  for (const attempt of attempts) {
    if (!(attempt.wallTwo instanceof RegExp)) continue;
    endings.push(await resist(attempt, { fortress, site, policy: false }));
  }
  assert.ok(endings.length >= 60);
  const expected = ({ wallTwo }: Ending["attempt"]) => wallTwo instanceof RegExp ? wallTwo : /^/;
  assert.deepEqual(wrong(endings, expected), []);
});

Deno.test("with neither wall the attempts succeed, so that it is the walls that hold", async () => {
  await using site = await createSite();
  await using fortress = new Fortress(code, site, { policy: false, deno: false });
  let successes = 0;
  for (const attempt of attempts) {
    // What changes the site would spoil it for the others.
    if (!(attempt.wallTwo instanceof RegExp) || attempt.kind === "change outside") continue;
    const { end } = await resist(attempt, { fortress, site, policy: false });
    if (end.startsWith("SPOILS")) successes++;
  }
  assert.ok(successes >= 25, `Only ${successes} succeeded`);
});

Deno.test("stdin is asked for only as the guest reads it", async () => {
  let asked = 0;
  await using executor = await startWorker(
    executorSpec(await code.compiled(), {
      stdio: {
        stdin(limit) {
          asked++;
          return Promise.resolve(new Uint8Array(limit));
        },
        onBytes() {},
      },
    }),
  );
  const { id } = await executor.instantiate({});
  const guest = new RawGuest(await code.raw, async (name, ...args) => {
    const result = await executor.call({ export: name, args }, id);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  });
  const stdin = await guest.call("wasi:cli/stdin#get-stdin");
  assert.equal(asked, 0);
  await guest.ok("wasi:io/streams#[method]input-stream.blocking-read", stdin, 10n);
  assert.ok(asked <= 2, `It was asked ${asked} times`);
});

function wrong(
  endings: readonly Ending[],
  expected: (attempt: Ending["attempt"]) => RegExp,
): readonly string[] {
  return endings.filter(({ attempt, end, harm, duration }) =>
    !expected(attempt).test(end.replace(/^died /, "")) || harm !== "" ||
    duration > (attempt.timeout ?? 2_000) + LATENESS
  ).map(({ attempt, end, harm, duration }) =>
    `${attempt.kind}: ${attempt.name}: ${end} ${harm} (${duration.toFixed(0)} ms)`
  );
}
