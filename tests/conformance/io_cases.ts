import assert from "node:assert/strict";
import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import { openFile, readFile } from "../adversarial/actions.ts";
import type { ConformanceCase } from "./conformance_case.ts";

const INPUT = "wasi:io/streams#[method]input-stream";
const OUTPUT = "wasi:io/streams#[method]output-stream";
const DESCRIPTOR = "wasi:filesystem/types#[method]descriptor";

/** Cases of `wasi:io`. */
export const ioCases: readonly ConformanceCase[] = [
  {
    name: "stdin is at its end where there is none",
    async run({ guest }) {
      const stdin = await guest.call("wasi:cli/stdin#get-stdin");
      const result = await guest.call(`${INPUT}.blocking-read`, stdin, 10n);
      assert.deepEqual(result, { tag: "err", val: { tag: "closed" } });
    },
  },
  {
    name: "stdout and stderr are written to, waiting and not",
    async run({ guest }) {
      for (const name of ["stdout", "stderr"]) {
        const stream = await guest.call(`wasi:cli/${name}#get-${name}`);
        assert.ok(await guest.ok(`${OUTPUT}.check-write`, stream) as bigint > 0n);
        await guest.ok(`${OUTPUT}.write`, stream, text("written "));
        await guest.ok(`${OUTPUT}.flush`, stream);
        await guest.ok(`${OUTPUT}.blocking-flush`, stream);
        await guest.ok(`${OUTPUT}.blocking-write-and-flush`, stream, text("and flushed\n"));
        const pollable = await guest.call(`${OUTPUT}.subscribe`, stream);
        await guest.call("wasi:io/poll#[method]pollable.block", pollable);
        assert.equal(await guest.call("wasi:io/poll#[method]pollable.ready", pollable), true);
      }
    },
  },
  {
    name: "a file is read as a stream, with parts passed over",
    async run({ guest }) {
      const stream = await inputOf(guest, "greeting.txt");
      const pollable = await guest.call(`${INPUT}.subscribe`, stream);
      await guest.call("wasi:io/poll#[method]pollable.block", pollable);
      assert.equal(decode(await guest.ok(`${INPUT}.blocking-read`, stream, 2n)), "he");
      assert.equal(await guest.ok(`${INPUT}.blocking-skip`, stream, 2n), 2n);
      assert.equal(decode(await eventually(guest, `${INPUT}.read`, stream)), "o");
      assert.equal(await eventually(guest, `${INPUT}.skip`, stream), 1n);
      assert.equal(decode(await guest.ok(`${INPUT}.blocking-read`, stream, 100n)), "world");
      const end = await guest.call(`${INPUT}.blocking-read`, stream, 100n);
      assert.deepEqual(end, { tag: "err", val: { tag: "closed" } });
    },
  },
  {
    name: "zeroes are written without being made",
    async run({ guest }) {
      const stream = await outputOf(guest, "zeroes.bin");
      await guest.ok(`${OUTPUT}.check-write`, stream);
      await guest.ok(`${OUTPUT}.write-zeroes`, stream, 3n);
      await guest.ok(`${OUTPUT}.blocking-write-zeroes-and-flush`, stream, 2n);
      assert.equal(await readFile(guest, "zeroes.bin"), "\0\0\0\0\0");
    },
  },
  {
    name: "a stream is spliced into another",
    async run({ guest }) {
      const from = await inputOf(guest, "greeting.txt");
      const to = await outputOf(guest, "spliced.txt");
      assert.equal(await guest.ok(`${OUTPUT}.blocking-splice`, to, from, 5n), 5n);
      await guest.ok(`${OUTPUT}.check-write`, to);
      await guest.ok(`${OUTPUT}.splice`, to, from, 100n);
      await guest.ok(`${OUTPUT}.blocking-flush`, to);
      assert.equal(await readFile(guest, "spliced.txt"), "hello world");
    },
  },
  {
    name: "of several pollables those that are ready are named",
    async run({ guest }) {
      const subscribe = "wasi:clocks/monotonic-clock#subscribe-duration";
      const long = await guest.call(subscribe, 3_600_000_000_000n);
      const short = await guest.call(subscribe, 1_000_000n);
      assert.deepEqual(await guest.call("wasi:io/poll#poll", [long, short]), [1]);
    },
  },
];

async function inputOf(guest: RawGuest, path: string): Promise<unknown> {
  return await guest.ok(`${DESCRIPTOR}.read-via-stream`, await openFile(guest, path), 0n);
}

async function outputOf(guest: RawGuest, path: string): Promise<unknown> {
  const flags = ["read", "write"];
  const file = await openFile(guest, path, { open: ["create", "truncate"], flags });
  return await guest.ok(`${DESCRIPTOR}.write-via-stream`, file, 0n);
}

/** Calls a function that does not wait until it has something; it is asked for one byte. */
async function eventually(guest: RawGuest, id: string, stream: unknown): Promise<unknown> {
  for (;;) {
    const value = await guest.ok(id, stream, 1n);
    if (value !== 0n && !(value instanceof Uint8Array && value.length === 0)) return value;
    const pollable = await guest.call(`${INPUT}.subscribe`, stream);
    await guest.call("wasi:io/poll#[method]pollable.block", pollable);
  }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function decode(value: unknown): string {
  return new TextDecoder().decode(value as Uint8Array);
}
