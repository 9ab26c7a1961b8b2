import assert from "node:assert/strict";
import { PrepareError } from "../../src/errors.ts";
import { createHost } from "../../src/host/create_host.ts";
import type { DirectoryDescriptor } from "../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { FileDescriptor } from "../../src/host/wasi/p2/filesystem/file_descriptor.ts";
import { Pollable } from "../../src/host/wasi/p2/io/pollable.ts";
import { call } from "./call.ts";
import { guestContext } from "./guest_context.ts";

const HOUR = 3_600_000_000_000n;

function blockForAnHour(
  host: ReturnType<typeof createHost>,
): Promise<void> | undefined {
  const imports = host.imports(["wasi:clocks/monotonic-clock"]);
  const pollable = call(
    imports["wasi:clocks/monotonic-clock"],
    "subscribeDuration",
    HOUR,
  );
  assert(pollable instanceof Pollable);
  return pollable.block();
}

Deno.test("imports() makes the interfaces asked for and keys them without version", () => {
  using host = createHost(guestContext({ environment: { A: "1" } }));
  const imports = host.imports(["wasi:cli/environment@0.2.3", "wasi:io/error"]);
  assert.deepEqual(Object.keys(imports), [
    "wasi:cli/environment",
    "wasi:io/error",
  ]);
  assert.deepEqual(call(imports["wasi:cli/environment"], "getEnvironment"), [
    ["A", "1"],
  ]);
});

Deno.test("imports() refuses an interface that the host does not provide", () => {
  using host = createHost(guestContext());
  for (const name of ["wasi:cli/environment@0.3.0", "acme:pkg/iface"]) {
    assert.throws(
      () => host.imports([name]),
      (error) =>
        error instanceof PrepareError &&
        error.code === "ERR_IMPORT_NOT_PROVIDED" &&
        error.message.includes(name),
    );
  }
});

Deno.test("[Symbol.dispose]() rejects what still waits and stops its timer", async () => {
  const host = createHost(guestContext());
  const blocked = blockForAnHour(host);
  host[Symbol.dispose]();
  host[Symbol.dispose]();
  await assert.rejects(async () => await blocked, { name: "AbortError" });
});

Deno.test("createHost() rejects waits with the reason of the guest's signal", async () => {
  const cancel = new AbortController();
  const reason = new Error("Event cancelled");
  using host = createHost(guestContext({ signal: cancel.signal }));
  const blocked = blockForAnHour(host);
  cancel.abort(reason);
  await assert.rejects(async () => await blocked, reason);
  await assert.rejects(async () => await blockForAnHour(host), reason);
});

Deno.test("createHost() takes a signal that has already fired", async () => {
  const reason = new Error("Event cancelled");
  using host = createHost(
    guestContext({ signal: AbortSignal.abort(reason) }),
  );
  await assert.rejects(async () => await blockForAnHour(host), reason);
});

// The test sanitizers fail this test if a file is still open when it ends.
Deno.test("[Symbol.dispose]() closes the files that the guest left open", () => {
  const hostPath = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    Deno.writeTextFileSync(`${hostPath}/a.txt`, "hello");
    const host = createHost(
      guestContext({
        mounts: [{ hostPath, guestPath: "/", writable: false }],
      }),
    );
    const [[root]] = call(
      host.imports(["wasi:filesystem/preopens"])["wasi:filesystem/preopens"],
      "getDirectories",
    ) as [[DirectoryDescriptor, string]];
    const file = root.openAt({}, "a.txt", {}, { read: true });
    assert(file instanceof FileDescriptor);
    const stream = file.readViaStream(0n);
    host[Symbol.dispose]();
    assert.throws(
      () => file.read(5n, 0n),
      (error) => error === "bad-descriptor",
    );
    stream[Symbol.dispose]();
    file[Symbol.dispose]();
  } finally {
    Deno.removeSync(hostPath, { recursive: true });
  }
});

Deno.test("createHost() shares no state between instances", () => {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  const write = (name: string) => (chunk: Uint8Array) => {
    chunks.push(`${name}:${decoder.decode(chunk)}`);
  };
  using one = createHost(guestContext({ stdout: write("one") }));
  using two = createHost(guestContext({ stdout: write("two") }));
  for (const host of [one, two]) {
    const stdout = call(
      host.imports(["wasi:cli/stdout"])["wasi:cli/stdout"],
      "getStdout",
    ) as { blockingWriteAndFlush(contents: Uint8Array): void };
    stdout.blockingWriteAndFlush(new TextEncoder().encode("x"));
  }
  assert.deepEqual(chunks, ["one:x", "two:x"]);
});
