import assert from "node:assert/strict";
import { Compiler } from "../../src/compile/compiler.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import { guest } from "../support/guests.ts";
import { runBatch } from "./batch.ts";
import { giants } from "./giants.ts";
import { tempDirectory } from "../loader/temp_directory.ts";

/** How long (ms) none may take longer than, on a machine that has other things to do. */
const MAXIMUM_DURATION = 30_000;
const MAXIMUM_RSS = 2.5 * 2 ** 30;

Deno.test("components that are too big are refused, or run, in bounded time and memory", async () => {
  await using directory = await tempDirectory();
  const result = await runBatch({
    subjects: Object.keys(giants),
    ancestors: [],
    directory: directory.path,
    concurrency: 1,
  });
  assert.deepEqual(result.unfinished, [], result.stderr.slice(-1_000));
  assert.deepEqual(result.unhandled, []);
  const wrong = [...result.verdicts].filter(([name, { kind, duration }]) =>
    giants[name]?.ends.includes(kind) !== true || duration > MAXIMUM_DURATION
  );
  assert.deepEqual(wrong, []);
  assert.equal(result.verdicts.size, Object.keys(giants).length);
  assert.ok(result.survived);
  assert.ok(result.rss < MAXIMUM_RSS, `It held ${result.rss} bytes`);
});

Deno.test("compile() is none the worse for a component that breaks jco", async () => {
  const breaking = giants["claimed-length-2-gib"]?.make();
  assert.ok(breaking !== undefined);
  const good = await Deno.readFile(await guest("wat-echo"));
  using compiler = new Compiler({ suspendingImports: new Map() });
  const results = await Promise.allSettled(
    [breaking, good, breaking, good].map(async (bytes) =>
      await compiler.compile({ bytes, digest: await sha256Digest(bytes) }, "one")
    ),
  );
  assert.deepEqual(results.map(({ status }) => status), [
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});
