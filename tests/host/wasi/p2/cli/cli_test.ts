import assert from "node:assert/strict";
import { GuestExit } from "../../../../../src/host/guest_exit.ts";
import type { GuestContext } from "../../../../../src/host/host_interface.ts";
import { environment } from "../../../../../src/host/wasi/p2/cli/environment.ts";
import { exit } from "../../../../../src/host/wasi/p2/cli/exit.ts";
import { stderr } from "../../../../../src/host/wasi/p2/cli/stderr.ts";
import { stdin } from "../../../../../src/host/wasi/p2/cli/stdin.ts";
import { stdout } from "../../../../../src/host/wasi/p2/cli/stdout.ts";
import { terminalStderr } from "../../../../../src/host/wasi/p2/cli/terminal_stderr.ts";
import { terminalStdin } from "../../../../../src/host/wasi/p2/cli/terminal_stdin.ts";
import { terminalStdout } from "../../../../../src/host/wasi/p2/cli/terminal_stdout.ts";
import { InputStream } from "../../../../../src/host/wasi/p2/io/input_stream.ts";
import type { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { OutputStream } from "../../../../../src/host/wasi/p2/io/output_stream.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";

Deno.test("environment shows what was granted and nothing of the process", () => {
  const implementation = environment.create(
    guestContext({ environment: { B: "2", A: "" }, arguments: ["x", "--y"] }),
  );
  assert.deepEqual(call(implementation, "getEnvironment"), [
    ["B", "2"],
    ["A", ""],
  ]);
  assert.deepEqual(call(implementation, "getArguments"), ["x", "--y"]);
  assert.equal(call(implementation, "initialCwd"), undefined);
});

const EXITS: readonly (readonly [string, unknown, number])[] = [
  ["exit", { tag: "ok" }, 0],
  ["exit", { tag: "err" }, 1],
  ["exitWithCode", 0, 0],
  ["exitWithCode", 42, 42],
];

for (const [name, argument, exitCode] of EXITS) {
  Deno.test(`${name}(${JSON.stringify(argument)}) throws GuestExit ${exitCode}`, () => {
    const implementation = exit.create(guestContext());
    const error = thrown(() => call(implementation, name, argument));
    assert(error instanceof GuestExit);
    assert.equal(error.exitCode, exitCode);
    assert.equal(error.code, "ERR_GUEST_EXIT");
  });
}

/** A guest whose stdin a test feeds. */
function feedStdin() {
  const asked: number[] = [];
  const feeds: PromiseWithResolvers<Uint8Array | undefined>[] = [];
  const implementation = stdin.create(guestContext({
    stdin: (limit) => {
      asked.push(limit);
      const feed = Promise.withResolvers<Uint8Array | undefined>();
      feeds.push(feed);
      return feed.promise;
    },
  }));
  const open = () => {
    const stream = call(implementation, "getStdin");
    assert(stream instanceof InputStream);
    return stream;
  };
  return { asked, feeds, open };
}

Deno.test("getStdin() asks for nothing before the guest wants to know", () => {
  const { asked, open } = feedStdin();
  const stream = open();
  const pollable = stream.subscribe();
  assert.deepEqual(asked, []);
  assert.equal(pollable.ready(), false);
  assert.equal(pollable.ready(), false);
  assert.deepEqual(stream.read(1n), new Uint8Array());
  assert.deepEqual(asked, [65_536]);
});

Deno.test("getStdin() gives streams that share the bytes, one chunk ahead at most", async () => {
  const { asked, feeds, open } = feedStdin();
  const [first, second] = [open(), open()];
  const reading = first.blockingRead(2n);
  feeds[0]?.resolve(Uint8Array.of(1, 2, 3));
  assert.deepEqual(await reading, Uint8Array.of(1, 2));
  assert(second.subscribe().ready());
  assert.deepEqual(second.blockingRead(9n), Uint8Array.of(3));
  assert.equal(asked.length, 1);
  first[Symbol.dispose]();
  const last = second.blockingRead(9n);
  feeds[1]?.resolve(undefined);
  await assert.rejects(async () => await last, (error) => {
    assert.deepEqual(error, { tag: "closed" });
    return true;
  });
  assert.deepEqual(thrown(() => open().read(1n)), { tag: "closed" });
  assert.equal(asked.length, 2);
});

Deno.test("getStdin() gives a stream that fails when the input cannot be read", async () => {
  const { feeds, open } = feedStdin();
  const stream = open();
  const waiting = stream.subscribe().block();
  feeds[0]?.reject(new Error("/dev/stdin is gone"));
  await waiting;
  const error = thrown(() => stream.read(1n)) as { tag: string; val: IoError };
  assert.equal(error.tag, "last-operation-failed");
  assert.doesNotMatch(error.val.toDebugString(), /dev/);
});

for (
  const [name, hostInterface] of [["Stdout", stdout], ["Stderr", stderr]] as const
) {
  Deno.test(`get${name}() gives a stream that reaches the context`, () => {
    const chunks: Uint8Array[] = [];
    const sink = (chunk: Uint8Array) => chunks.push(chunk);
    const context: GuestContext = guestContext({ [name.toLowerCase()]: sink });
    const implementation = hostInterface.create(context);
    const first = call(implementation, `get${name}`);
    const second = call(implementation, `get${name}`);
    assert(first instanceof OutputStream && second instanceof OutputStream);
    first.blockingWriteAndFlush(Uint8Array.of(1, 2));
    second.blockingWriteAndFlush(Uint8Array.of(3));
    assert.deepEqual(chunks, [Uint8Array.of(1, 2), Uint8Array.of(3)]);
  });
}

Deno.test("no standard stream is a terminal", () => {
  const context = guestContext();
  assert.equal(call(terminalStdin.create(context), "getTerminalStdin"), undefined);
  assert.equal(call(terminalStdout.create(context), "getTerminalStdout"), undefined);
  assert.equal(call(terminalStderr.create(context), "getTerminalStderr"), undefined);
});
