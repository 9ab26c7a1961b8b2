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

Deno.test("getStdin() gives a stream at its end", () => {
  const stream = call(stdin.create(guestContext()), "getStdin");
  assert(stream instanceof InputStream);
  assert(stream.subscribe().ready());
  assert.deepEqual(thrown(() => stream.blockingRead(1n)), { tag: "closed" });
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
