import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import { type Attack, type Attempt, Spoils } from "./attempt.ts";
import { firstDirectory, openFile } from "./actions.ts";

const NO_AMOUNT = { notExpressible: "Deno's permissions bound no amounts and no time" };
const NO_VIEW = {
  notExpressible: "The host hands it over; the guest itself asks Deno for nothing",
};
const STREAM = "wasi:io/streams#[method]output-stream";
const MISBEHAVE = { repeat: 14 } as const;
/** Where the raw guest looks for the parameters of a call that it repeats, and for how often. */
const PARAMETERS = 4_096;
const COUNT = 4_088;

/** How long (ms) a guest may go on with a million calls, which are more than it gets done. */
const REPEAT_TIMEOUT = 700;

type Run = (attack: Attack) => Promise<unknown>;

/** What is asked of the host, and how that may end. */
const DEMANDS: Readonly<Record<string, readonly [run: Run, end: RegExp, timeout?: number]>> = {
  "asks for 2^40 random bytes": [
    ({ guest }) => guest.call("wasi:random/random#get-random-bytes", 2n ** 40n),
    /^trap/,
  ],
  "asks for 2^64 - 1 random bytes": [
    ({ guest }) => guest.call("wasi:random/insecure#get-insecure-random-bytes", 2n ** 64n - 1n),
    /^trap/,
  ],
  "reads 2^63 bytes of stdin": [async ({ guest }) => {
    const stdin = await guest.call("wasi:cli/stdin#get-stdin");
    return await guest.ok("wasi:io/streams#[method]input-stream.blocking-read", stdin, 2n ** 63n);
  }, /^error \{"tag":"closed"/],
  "reads 2^63 bytes of a file": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    return await guest.ok("wasi:filesystem/types#[method]descriptor.read", file, 2n ** 63n, 0n);
  }, /^got/],
  "reads a file at 2^64 - 1": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    return await guest.ok(
      "wasi:filesystem/types#[method]descriptor.read",
      file,
      10n,
      2n ** 64n - 1n,
    );
  }, /^(got|error)/],
  "skips 2^63 bytes of a file": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    const read = "wasi:filesystem/types#[method]descriptor.read-via-stream";
    const stream = await guest.ok(read, file, 0n);
    return await guest.ok("wasi:io/streams#[method]input-stream.blocking-skip", stream, 2n ** 63n);
  }, /^(got|error)/],
  "writes 2^60 zeroes": [
    async ({ guest }) => await guest.ok(`${STREAM}.write-zeroes`, await stdout(guest), 2n ** 60n),
    /^(trap|error)/,
  ],
  "writes 2^60 zeroes and waits": [async ({ guest }) => {
    const write = `${STREAM}.blocking-write-zeroes-and-flush`;
    return await guest.ok(write, await stdout(guest), 2n ** 60n);
  }, /^(trap|error|timeout)/],
  "writes more than it was told it may": [async ({ guest }) => {
    const out = await stdout(guest);
    const allowed = await guest.ok(`${STREAM}.check-write`, out) as bigint;
    const length = Math.min(Number(allowed) + 1, 1_500_000);
    return await guest.ok(`${STREAM}.write`, out, new Uint8Array(length));
  }, /^(trap|error|nothing)/],
  "polls a million pollables": [
    async ({ guest }) => {
      const now = "wasi:clocks/monotonic-clock#subscribe-duration";
      const pollable = Number(await guest.call(now, 0n));
      const length = 450_000; // as many as the test's own part of the memory holds
      const handles = Uint32Array.from({ length }, () => pollable);
      await guest.callExport("poke", PARAMETERS, new Uint8Array(handles.buffer));
      return await guest.invoke("wasi:io/poll#poll", [PARAMETERS, length, 64]);
    },
    /^(got|trap)/,
    5_000,
  ],
  "sleeps for ever": [
    async ({ guest }) => {
      const sleep = "wasi:clocks/monotonic-clock#subscribe-duration";
      const pollable = await guest.call(sleep, 2n ** 64n - 1n);
      return await guest.call("wasi:io/poll#[method]pollable.block", pollable);
    },
    /^timeout/,
    300,
  ],
  "sleeps until the last instant": [
    async ({ guest }) => {
      const sleep = "wasi:clocks/monotonic-clock#subscribe-instant";
      const pollable = await guest.call(sleep, 2n ** 64n - 1n);
      return await guest.call("wasi:io/poll#poll", [pollable]);
    },
    /^timeout/,
    300,
  ],
  "asks for its environment a million times": [
    ({ guest }) => repeat(guest, "wasi:cli/environment#get-environment", [64]),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "asks for its directories a million times": [
    ({ guest }) => repeat(guest, "wasi:filesystem/preopens#get-directories", [64]),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "asks for a million timers": [
    ({ guest }) => repeat(guest, "wasi:clocks/monotonic-clock#subscribe-duration", [2n ** 60n]),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "makes a million headers": [
    ({ guest }) => repeat(guest, "wasi:http/types#[constructor]fields", []),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "opens a file a million times": [
    async ({ guest, at }) => {
      const directory = await firstDirectory(guest);
      const path = new TextEncoder().encode(at("own.txt"));
      await guest.callExport("poke", 0x8000, path);
      const open = "wasi:filesystem/types#[method]descriptor.open-at";
      return await repeat(guest, open, [directory, 0, 0x8000, path.length, 0, 1, 64]);
    },
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "makes a million sockets": [
    ({ guest }) => repeat(guest, "wasi:sockets/tcp-create-socket#create-tcp-socket", [0, 64]),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "writes a line that never ends": [
    async ({ guest }) => await flood(guest, new Uint8Array(4_096).fill(0x61)),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "writes a flood of lines": [
    async ({ guest }) => await flood(guest, new Uint8Array(4_096).fill(0x0a)),
    /^(got|timeout|trap)/,
    REPEAT_TIMEOUT,
  ],
  "writes what a terminal obeys": [
    async ({ guest }) =>
      await guest.ok(
        `${STREAM}.blocking-write-and-flush`,
        await stdout(guest),
        new TextEncoder().encode("\x1b]0;owned\x07\x1b[2J\n"),
      ),
    /^nothing$/,
  ],
  "exits with an error": [
    ({ guest }) => guest.call("wasi:cli/exit#exit", { tag: "err" }),
    /^exit 1$/,
  ],
  "exits with a code": [
    ({ guest }) => guest.call("wasi:cli/exit#exit-with-code", 200),
    /^exit 200$/,
  ],
  "waits for stdin that it was not given": [async ({ guest }) => {
    const stdin = await guest.call("wasi:cli/stdin#get-stdin");
    const subscribe = "wasi:io/streams#[method]input-stream.subscribe";
    return await guest.call("wasi:io/poll#poll", [await guest.call(subscribe, stdin)]);
  }, /^got/],
};

/** What the guest is told of the host. */
const LOOKS: Readonly<Record<string, (attack: Attack) => Promise<string | undefined>>> = {
  "asks for the host's environment": async ({ guest }) => {
    const variables = await guest.call("wasi:cli/environment#get-environment");
    const names = (variables as readonly (readonly [string, string])[]).map(([name]) => name);
    return names.filter((name) => name !== "GREETING").join(" ") || undefined;
  },
  "asks for the host's arguments": async ({ guest }) => {
    const given = await guest.call("wasi:cli/environment#get-arguments") as readonly string[];
    return given.join(" ") || undefined;
  },
  "asks for the host's directory": async ({ guest, site }) => {
    const cwd = await guest.call("wasi:cli/environment#initial-cwd") as string | undefined;
    return cwd !== undefined && (cwd.includes(site.root) || cwd === Deno.cwd()) ? cwd : undefined;
  },
  "asks for the paths of its mounts on the host": async ({ guest, site }) => {
    const directories = await guest.call("wasi:filesystem/preopens#get-directories");
    return JSON.stringify(directories).includes(site.root) ? site.root : undefined;
  },
  "asks whether there is a terminal": async ({ guest }) => {
    const terminal = await guest.call("wasi:cli/terminal-stdout#get-terminal-stdout");
    return terminal === undefined ? undefined : "a terminal";
  },
  "compares the clock with that of the process": async ({ guest }) => {
    // A monotonic clock that starts with the machine would tell how long that has been running.
    const now = Number(await guest.call("wasi:clocks/monotonic-clock#now") as bigint);
    return now > 3.6e12 ? `${now} ns` : undefined;
  },
};

async function stdout(guest: RawGuest): Promise<unknown> {
  return await guest.call("wasi:cli/stdout#get-stdout");
}

/** Has the guest call an import a million times by itself. */
async function repeat(
  guest: RawGuest,
  id: string,
  parameters: readonly (number | bigint)[],
): Promise<unknown> {
  const list = BigUint64Array.from(parameters, (one) => BigInt(one));
  await guest.callExport("poke", PARAMETERS, new Uint8Array(list.buffer));
  await guest.callExport("poke", COUNT, new Uint8Array(Uint32Array.of(1_000_000).buffer));
  return await guest.callExport("misbehave", MISBEHAVE.repeat, guest.numberOf(id));
}

async function flood(guest: RawGuest, piece: Uint8Array): Promise<unknown> {
  await guest.callExport("poke", 0x8000, piece);
  const write = `${STREAM}.blocking-write-and-flush`;
  const out = Number(await stdout(guest));
  return await repeat(guest, write, [out, 0x8000, piece.length, 64]);
}

/** Everything that is asked of the host. */
export const demandAttempts: readonly Attempt[] = [
  ...Object.entries(DEMANDS).map(([name, [run, end, timeout = 2_000]]): Attempt => ({
    name,
    kind: "demand",
    run,
    wallOne: end,
    wallTwo: NO_AMOUNT,
    timeout,
  })),
  ...Object.entries(LOOKS).map(([name, look]): Attempt => ({
    name,
    kind: "leak",
    async run(attack) {
      const leak = await look(attack);
      return leak === undefined ? undefined : new Spoils(leak);
    },
    wallOne: /^nothing$/,
    wallTwo: NO_VIEW,
  })),
];
