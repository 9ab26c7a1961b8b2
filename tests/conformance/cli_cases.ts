import assert from "node:assert/strict";
import type { ConformanceCase } from "./conformance_case.ts";

const EXIT = "wasi:cli/exit";

/** Cases of `wasi:cli`, `wasi:clocks` and `wasi:random`. */
export const cliCases: readonly ConformanceCase[] = [
  {
    name: "a guest sees its environment, its arguments and its directory",
    async run({ guest }) {
      assert.deepEqual(await guest.call("wasi:cli/environment#get-environment"), [
        ["GREETING", "hello"],
      ]);
      assert.deepEqual(await guest.call("wasi:cli/environment#get-arguments"), []);
      const cwd = await guest.call("wasi:cli/environment#initial-cwd");
      assert.ok(cwd === undefined || cwd === "/");
    },
  },
  {
    name: "a guest exits with success",
    run: async ({ guest }) => void await guest.call(`${EXIT}#exit`, { tag: "ok" }),
    exitCode: 0,
  },
  {
    name: "a guest exits with a code",
    run: async ({ guest }) => void await guest.call(`${EXIT}#exit-with-code`, 42),
    exitCode: 42,
  },
  {
    name: "a guest without a terminal is told so",
    async run({ guest }) {
      for (const name of ["stdin", "stdout", "stderr"]) {
        const terminal = await guest.call(`wasi:cli/terminal-${name}#get-terminal-${name}`);
        assert.equal(terminal, undefined);
      }
    },
  },
  {
    name: "the monotonic clock goes on, by its resolution at the least",
    async run({ guest }) {
      const clock = "wasi:clocks/monotonic-clock";
      const before = await guest.call(`${clock}#now`) as bigint;
      const resolution = await guest.call(`${clock}#resolution`) as bigint;
      assert.ok(resolution > 0n);
      const sleep = await guest.call(`${clock}#subscribe-duration`, 3_000_000n);
      await guest.call("wasi:io/poll#[method]pollable.block", sleep);
      const after = await guest.call(`${clock}#now`) as bigint;
      assert.ok(after - before >= 3_000_000n);
      const instant = await guest.call(`${clock}#subscribe-instant`, after + 3_000_000n);
      assert.deepEqual(await guest.call("wasi:io/poll#poll", [instant]), [0]);
      assert.ok(await guest.call(`${clock}#now`) as bigint >= after + 3_000_000n);
    },
  },
  {
    name: "the wall clock tells the time",
    async run({ guest }) {
      const now = await guest.call("wasi:clocks/wall-clock#now") as { seconds: bigint };
      assert.ok(Math.abs(Number(now.seconds) - Date.now() / 1_000) < 10);
      const { seconds, nanoseconds } = await guest.call("wasi:clocks/wall-clock#resolution") as {
        seconds: bigint;
        nanoseconds: number;
      };
      assert.ok(seconds === 0n && nanoseconds > 0);
    },
  },
  {
    name: "random bytes and numbers differ from call to call",
    async run({ guest }) {
      for (const [bytes, number] of RANDOM) {
        const [a, b] = [await guest.call(bytes, 32n), await guest.call(bytes, 32n)];
        assert.equal((a as Uint8Array).length, 32);
        assert.notDeepEqual(a, b);
        assert.notEqual(await guest.call(number), await guest.call(number));
      }
      const seed = await guest.call("wasi:random/insecure-seed#insecure-seed") as bigint[];
      assert.equal(seed.length, 2);
    },
  },
];

const RANDOM = [
  ["wasi:random/random#get-random-bytes", "wasi:random/random#get-random-u64"],
  [
    "wasi:random/insecure#get-insecure-random-bytes",
    "wasi:random/insecure#get-insecure-random-u64",
  ],
] as const;
