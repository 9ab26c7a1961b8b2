// A command. Its first argument after its name says what it does; see the cases below.

// @ts-types="./wasi.d.ts"
import { getArguments, getEnvironment } from "wasi:cli/environment@0.2.12";
// @ts-types="./wasi.d.ts"
import { exit, exitWithCode } from "wasi:cli/exit@0.2.12";
// @ts-types="./wasi.d.ts"
import { getStderr } from "wasi:cli/stderr@0.2.12";
// @ts-types="./wasi.d.ts"
import { getStdin } from "wasi:cli/stdin@0.2.12";
// @ts-types="./wasi.d.ts"
import { getStdout } from "wasi:cli/stdout@0.2.12";
// @ts-types="./wasi.d.ts"
import { subscribeDuration } from "wasi:clocks/monotonic-clock@0.2.12";
// @ts-types="./wasi.d.ts"
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";
// @ts-types="./wasi.d.ts"
import { instanceNetwork } from "wasi:sockets/instance-network@0.2.12";
// @ts-types="./wasi.d.ts"
import { resolveAddresses } from "wasi:sockets/ip-name-lookup@0.2.12";
import type { Descriptor } from "./wasi.d.ts";

const MAXIMUM_READ = 1 << 16;
const MAXIMUM_WRITE = 4_096;

export const run = {
  run(): void {
    const [, action, ...rest] = getArguments();
    switch (action) {
      case "arguments":
        return print(`${JSON.stringify(getArguments())}\n`);
      case "environment":
        return print(`${JSON.stringify(getEnvironment())}\n`);
      case "preopens":
        return print(`${JSON.stringify(getDirectories().map(([, path]) => path))}\n`);
      case "cat":
        return cat();
      case "bytes": // every byte there is, and no line break behind them
        return getStdout().blockingWriteAndFlush(Uint8Array.from({ length: 256 }, (_, at) => at));
      case "complain":
        return getStderr().blockingWriteAndFlush(Uint8Array.of(0xff, 0x65, 0x0a));
      case "read":
        return print(readText(rest[0] ?? ""));
      case "write":
        return write(rest[0] ?? "", rest[1] ?? "");
      case "resolve":
        resolveAddresses(instanceNetwork(), rest[0] ?? "");
        return print("allowed\n");
      case "exit":
        return exitWithCode(Number(rest[0]));
      case "exit-ok":
        return exit({ tag: "ok" });
      case "exit-err":
        return exit({ tag: "err" });
      case "sleep":
        print("asleep\n");
        return subscribeDuration(3_600_000_000_000).block();
      case "fail":
        throw undefined;
      default:
        return print("nothing to do\n");
    }
  },
};

function cat(): void {
  const stdin = getStdin();
  const stdout = getStdout();
  for (;;) {
    const bytes = readSome(stdin);
    if (bytes === undefined) return;
    for (let at = 0; at < bytes.length; at += MAXIMUM_WRITE) {
      stdout.blockingWriteAndFlush(bytes.subarray(at, at + MAXIMUM_WRITE));
    }
  }
}

function readSome(stdin: ReturnType<typeof getStdin>): Uint8Array | undefined {
  try {
    return stdin.blockingRead(MAXIMUM_READ);
  } catch {
    return undefined; // it is closed
  }
}

function print(text: string): void {
  getStdout().blockingWriteAndFlush(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
  );
}

function locate(path: string): [directory: Descriptor, relative: string] {
  for (const [directory, name] of getDirectories()) {
    const prefix = name.endsWith("/") ? name : `${name}/`;
    if (path.startsWith(prefix)) return [directory, path.slice(prefix.length)];
  }
  throw undefined;
}

function readText(path: string): string {
  const [directory, relative] = locate(path);
  const file = directory.openAt({ symlinkFollow: true }, relative, {}, { read: true });
  return String.fromCharCode(...file.read(MAXIMUM_READ, 0)[0]);
}

function write(path: string, text: string): void {
  const [directory, relative] = locate(path);
  const file = directory.openAt(
    {},
    relative,
    { create: true, truncate: true },
    { write: true },
  );
  file.write(Uint8Array.from(text, (character) => character.charCodeAt(0)), 0);
}
