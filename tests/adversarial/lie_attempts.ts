import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import { type Attack, type Attempt, Spoils } from "./attempt.ts";
import { GuestFailed } from "./fortress.ts";
import { firstDirectory, openFile } from "./actions.ts";

const NO_ABI = {
  notExpressible: "Deno's permissions know nothing of a guest's memory and handles",
};
const TRAP = /^trap /;
const RANDOM = "wasi:random/random#get-random-bytes";
const GET_TYPE = "wasi:filesystem/types#[method]descriptor.get-type";
const OPEN = "wasi:filesystem/types#[method]descriptor.open-at";
const FREE = 0x1000;
const BEYOND = 0xffff_fff0;
/** What cabi_realloc may be told to do; see the raw guest. */
const REALLOC = { fixed: 1, trap: 2, loop: 3, callImport: 4, grow: 5, always: 100 } as const;

/**
 * jco hands a forged handle on as an object of the right class without any state. The methods that
 * need none answer; the others throw.
 */
const STATELESS =
  /^got \[("[^"]*(pollable\.|descriptor\.|-socket\.(set-|hop-limit|receive-buffer|send-buffer)|set-status-code)[^"]*",?)*\]$/;

type Run = (attack: Attack) => Promise<unknown>;

/** Lies about where memory is, with the ways in which they may end. */
const REALLOCS: Readonly<Record<string, readonly [mode: number, value: number, end: RegExp]>> = {
  "allocates beyond its memory": [REALLOC.fixed, BEYOND, TRAP],
  "allocates at the end of its memory": [REALLOC.fixed, 64 * 65_536 - 1, TRAP],
  "allocates at an odd address": [REALLOC.fixed, 0x200001, /^(trap|nothing)/],
  "allocates at address 0": [REALLOC.fixed, 0, /^(trap|nothing)/],
  "allocates over its own arguments": [REALLOC.fixed, FREE, /^(trap|nothing)/],
  "traps in its allocator": [REALLOC.trap, 0, TRAP],
  "loops in its allocator": [REALLOC.loop, 0, /^timeout/],
  // jco lets it, and it does no harm.
  "calls an import from its allocator": [REALLOC.callImport, 0, /^(trap|nothing)/],
  "moves its memory in its allocator": [REALLOC.grow, 16, /^nothing$/],
};

/** Results that are not what they say, with the ways in which they may end. */
const RETURNS: Readonly<Record<string, readonly [run: Run, end: RegExp]>> = {
  "returns a string beyond its memory": [
    ({ guest }) => exported(guest, "return-string", BEYOND, 32),
    TRAP,
  ],
  "returns a string that is longer than its memory": [
    ({ guest }) => exported(guest, "return-string", 0, 0xffff_ffff),
    TRAP,
  ],
  "returns a string that is not UTF-8": [async ({ guest }) => {
    await exported(guest, "poke", FREE, Uint8Array.of(0xff, 0xfe, 0xc0, 0x80));
    return await exported(guest, "return-string", FREE, 4);
  }, /^(trap|got)/],
  "returns a list at an odd address": [
    ({ guest }) => exported(guest, "return-list", 0x1001, 2),
    TRAP,
  ],
  // jco cuts it off at the end of the memory.
  "returns a list that is longer than its memory": [
    ({ guest }) => exported(guest, "return-list", 0x1000, 0x3fff_ffff),
    /^(trap|got)/,
  ],
  "returns strings that lie beyond its memory": [async ({ guest }) => {
    await exported(guest, "poke", FREE, new Uint8Array(64).fill(0xff));
    return await exported(guest, "return-records", FREE, 8);
  }, TRAP],
  "returns half of a surrogate pair": [({ guest }) => exported(guest, "return-char", 0xd800), TRAP],
  "returns a character that there is not": [
    ({ guest }) => exported(guest, "return-char", 0x110000),
    TRAP,
  ],
  "returns a case that there is not": [
    ({ guest }) => exported(guest, "return-choice", 3, 0, 0),
    TRAP,
  ],
  "returns a payload beyond its memory": [
    ({ guest }) => exported(guest, "return-choice", 2, BEYOND, 100),
    TRAP,
  ],
  "returns a truth that is neither": [
    ({ guest }) => exported(guest, "return-bool", 255),
    /^(trap|got true)/,
  ],
  "returns at an address beyond its memory": [async ({ guest }) => {
    await misbehave(guest, 13, BEYOND);
    return await exported(guest, "return-string", FREE, 1);
  }, TRAP],
  "returns at an odd address": [async ({ guest }) => {
    await misbehave(guest, 13, 65);
    return await exported(guest, "return-string", FREE, 1);
  }, TRAP],
};

/** Arguments that are not what they say. */
const ARGUMENTS: Readonly<Record<string, readonly [run: Run, end: RegExp]>> = {
  "passes a string beyond its memory": [({ guest }) => openRaw(guest, BEYOND, 64), TRAP],
  "passes a string that is longer than its memory": [
    ({ guest }) => openRaw(guest, 0, 0xffff_ffff),
    TRAP,
  ],
  "passes a string that is not UTF-8": [async ({ guest }) => {
    await exported(guest, "poke", FREE, Uint8Array.of(0xff, 0xfe));
    return await openRaw(guest, FREE, 2);
  }, /^(trap|got)/],
  "asks for a result beyond its memory": [
    ({ guest }) => guest.invoke("wasi:clocks/wall-clock#now", [BEYOND]),
    TRAP,
  ],
  "asks for a result at an odd address": [
    ({ guest }) => guest.invoke("wasi:clocks/wall-clock#now", [0x1001]),
    /^(trap|got)/,
  ],
  "asks for a result over its arguments": [
    ({ guest }) => guest.invoke(RANDOM, [8, 0x1000]),
    /^got/,
  ],
  "passes a list of handles beyond its memory": [
    ({ guest }) => guest.invoke("wasi:io/poll#poll", [BEYOND, 1000, FREE]),
    TRAP,
  ],
  // jco reads them one by one, to the end of the memory.
  "passes a list of 2^30 handles": [
    ({ guest }) => guest.invoke("wasi:io/poll#poll", [0, 2 ** 30, FREE]),
    /^(trap|timeout)/,
  ],
  "passes an advice that there is not": [
    async ({ guest, at }) =>
      await guest.invoke("wasi:filesystem/types#[method]descriptor.advise", [
        ...[await openFile(guest, at("own.txt")), 0, 0, 255, FREE],
      ]),
    TRAP,
  ],
  "passes an address family that there is not": [
    ({ guest }) => guest.invoke("wasi:sockets/tcp-create-socket#create-tcp-socket", [2, FREE]),
    TRAP,
  ],
  "passes flags that there are not": [
    async ({ guest }) => {
      const directory = await firstDirectory(guest);
      return await guest.invoke(OPEN, [directory, 0xffff_ffff, FREE, 0, 0xff, 0xffff, 0x1100]);
    },
    /^(trap|got)/,
  ],
  "exits with a code of 2^31": [
    ({ guest }) => guest.invoke("wasi:cli/exit#exit-with-code", [2 ** 31]),
    /^(exit|trap)/,
  ],
};

/** Handles that are not the guest's to use. */
const HANDLES: Readonly<Record<string, readonly [run: Run, end: RegExp]>> = {
  "uses handle 0": [({ guest }) => guest.call(GET_TYPE, 0), TRAP],
  "uses handle 2^31": [({ guest }) => guest.call(GET_TYPE, 2 ** 31), TRAP],
  "uses handle 2^32 - 1": [({ guest }) => guest.call(GET_TYPE, 0xffff_ffff), TRAP],
  "uses a handle that was never given": [({ guest }) => guest.call(GET_TYPE, 1_000), TRAP],
  "uses a handle after its drop": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    await guest.call("wasi:filesystem/types#[resource-drop]descriptor", file);
    return await guest.call(GET_TYPE, file);
  }, TRAP],
  "drops a handle twice": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    await guest.call("wasi:filesystem/types#[resource-drop]descriptor", file);
    return await guest.call("wasi:filesystem/types#[resource-drop]descriptor", file);
  }, TRAP],
  "drops a handle that was never given": [
    ({ guest }) => guest.call("wasi:filesystem/types#[resource-drop]descriptor", 1_000),
    /^(trap|nothing)/,
  ],
  "uses headers as a file": [async ({ guest }) => {
    const fields = await guest.call("wasi:http/types#[constructor]fields");
    return await guest.call(GET_TYPE, fields);
  }, TRAP],
  "uses a file as headers": [async ({ guest, at }) => {
    const file = await openFile(guest, at("own.txt"));
    return await guest.call("wasi:http/types#[method]fields.entries", file);
  }, TRAP],
  "uses headers that it gave away": [async ({ guest }) => {
    const fields = await guest.call("wasi:http/types#[constructor]fields");
    await guest.call("wasi:http/types#[constructor]outgoing-request", fields);
    return await guest.call("wasi:http/types#[method]fields.entries", fields);
  }, TRAP],
  "calls every method on a handle that was never given": [
    async ({ guest, anotherGuest }) => {
      const answered: string[] = [];
      for (const id of guest.functions.filter((name) => name.includes("[method]"))) {
        const one = await anotherGuest();
        try {
          // Zeroes are valid for most of the other parameters.
          await one.invoke(id, [777, ...Array.from({ length: 14 }, () => 0)]);
          answered.push(id);
        } catch (error) {
          if (!(error instanceof GuestFailed)) throw error;
        }
      }
      return answered.length === 0 ? undefined : answered;
    },
    STATELESS,
  ],
  "polls nothing": [({ guest }) => guest.call("wasi:io/poll#poll", []), TRAP],
  "uses the handles of another instance": [async ({ guest, at, anotherGuest }) => {
    const other = await anotherGuest();
    const file = await openFile(other, at("own.txt"));
    return await guest.call(GET_TYPE, file + 5);
  }, TRAP],
  "looks for what an earlier event left open": [async ({ guest, at, anotherGuest }) => {
    for (let left = 50; left > 0; left--) await openFile(guest, at("own.txt"));
    const next = await anotherGuest();
    return await next.call(GET_TYPE, 20);
  }, TRAP],
  "looks for what an earlier event left in memory": [async ({ guest, anotherGuest }) => {
    await exported(guest, "poke", FREE, new TextEncoder().encode("left behind"));
    const next = await anotherGuest();
    const found = new TextDecoder().decode(await next.peek(FREE, 11));
    return found.includes("left") ? new Spoils(found) : undefined;
  }, /^nothing$/],
};

/** What a guest does to itself after it has returned. */
const POST_RETURNS: Readonly<Record<string, readonly [mode: number, end: RegExp]>> = {
  "traps after it has returned": [1, TRAP],
  "loops after it has returned": [2, /^timeout/],
  "calls an import after it has returned": [3, TRAP],
  "recurses after it has returned": [4, TRAP],
};

function exported(guest: RawGuest, name: string, ...args: readonly unknown[]): Promise<unknown> {
  return guest.callExport(name, ...args);
}

async function misbehave(guest: RawGuest, mode: number, value: number): Promise<unknown> {
  return await guest.callExport("misbehave", mode, value);
}

async function openRaw(guest: RawGuest, address: number, length: number): Promise<unknown> {
  const directory = await firstDirectory(guest);
  return await guest.invoke(OPEN, [directory, 0, address, length, 0, 1, 0x1100]);
}

function attempt(name: string, kind: string, [run, end]: readonly [Run, RegExp]): Attempt {
  return { name, kind, run, wallOne: end, wallTwo: NO_ABI };
}

/** Everything that is tried against the canonical ABI. */
export const lieAttempts: readonly Attempt[] = [
  ...Object.entries(REALLOCS).map(([name, [mode, value, end]]): Attempt => ({
    name,
    kind: "cabi_realloc that lies",
    timeout: 700,
    async run({ guest }) {
      await guest.callExport("set-realloc", mode, value);
      await guest.invoke(RANDOM, [64, FREE]);
      return undefined;
    },
    wallOne: end,
    wallTwo: NO_ABI,
  })),
  {
    name: "loops in its allocator before it is called",
    kind: "cabi_realloc that lies",
    timeout: 700,
    async run({ guest }) {
      await guest.callExport("set-realloc", REALLOC.always + REALLOC.loop, 0);
      await guest.callExport("poke", FREE, new Uint8Array(8));
      return undefined;
    },
    wallOne: /^timeout/,
    wallTwo: NO_ABI,
  },
  {
    name: "allocates its arguments beyond its memory",
    kind: "cabi_realloc that lies",
    timeout: 700,
    async run({ guest }) {
      await guest.callExport("set-realloc", REALLOC.always + REALLOC.fixed, BEYOND);
      await guest.callExport("poke", FREE, new Uint8Array(64));
      return undefined;
    },
    wallOne: TRAP,
    wallTwo: NO_ABI,
  },
  ...Object.entries(RETURNS).map(([name, how]) => attempt(name, "result that lies", how)),
  ...Object.entries(ARGUMENTS).map(([name, how]) => attempt(name, "argument that lies", how)),
  ...Object.entries(HANDLES).map(([name, how]) => attempt(name, "handle", how)),
  ...Object.entries(POST_RETURNS).map(([name, [mode, end]]): Attempt => ({
    name,
    kind: "post-return",
    timeout: 700,
    async run({ guest }) {
      await guest.callExport("set-post-return", mode);
      await guest.callExport("return-string", FREE, 1);
      return undefined;
    },
    wallOne: end,
    wallTwo: NO_ABI,
  })),
];
