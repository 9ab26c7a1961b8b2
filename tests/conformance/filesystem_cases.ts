import assert from "node:assert/strict";
import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import { firstDirectory, inDirectory, openFile, readFile } from "../adversarial/actions.ts";
import type { ConformanceCase } from "./conformance_case.ts";

const TYPES = "wasi:filesystem/types";
const DESCRIPTOR = `${TYPES}#[method]descriptor`;
const STREAM = "wasi:io/streams#[method]output-stream";
const PAST = { tag: "timestamp", val: { seconds: 1_000_000n, nanoseconds: 0 } };

interface Stat {
  readonly type: string;
  readonly size: bigint;
  readonly "data-modification-timestamp": { readonly seconds: bigint } | undefined;
}

/** Cases of `wasi:filesystem`. */
export const filesystemCases: readonly ConformanceCase[] = [
  {
    name: "a file is read at any offset, to its end",
    async run({ guest }) {
      const file = await openFile(guest, "greeting.txt");
      const [end] = await guest.ok(`${DESCRIPTOR}.read`, file, 5n, 6n) as [Uint8Array, boolean];
      assert.deepEqual(end, bytes("world"));
      assert.deepEqual(await guest.ok(`${DESCRIPTOR}.read`, file, 5n, 11n), [bytes(""), true]);
      assert.deepEqual(await guest.ok(`${DESCRIPTOR}.read`, file, 5n, 0n), [bytes("hello"), false]);
      assert.equal(await guest.ok(`${DESCRIPTOR}.get-type`, file), "regular-file");
      assert.deepEqual(await guest.ok(`${DESCRIPTOR}.get-flags`, file), ["read"]);
      await guest.ok(`${DESCRIPTOR}.advise`, file, 0n, 5n, "sequential");
      assert.equal((await guest.ok(`${DESCRIPTOR}.stat`, file) as Stat).size, 11n);
    },
  },
  {
    name: "a directory is listed, entry by entry",
    async run({ guest }) {
      const entries = await inDirectory(guest, "read-directory");
      const names: string[] = [];
      for (;;) {
        const next = `${TYPES}#[method]directory-entry-stream.read-directory-entry`;
        const entry = await guest.ok(next, entries) as { type: string; name: string } | undefined;
        if (entry === undefined) break;
        names.push(`${entry.name} ${entry.type}`);
      }
      assert.ok(names.includes("greeting.txt regular-file"));
      assert.ok(names.includes("sub directory"));
      assert.ok(names.includes("link symbolic-link"));
    },
  },
  {
    name: "files are looked at by path, through a symlink and not",
    async run({ guest }) {
      const link = await inDirectory(guest, "stat-at", [], "link") as Stat;
      assert.equal(link.type, "symbolic-link");
      const target = await inDirectory(guest, "stat-at", ["symlink-follow"], "link") as Stat;
      assert.deepEqual([target.type, target.size], ["regular-file", 11n]);
      assert.equal(await inDirectory(guest, "readlink-at", "link"), "greeting.txt");
    },
  },
  {
    name: "the same file has the same hash, another has another",
    async run({ guest }) {
      const file = await openFile(guest, "greeting.txt");
      const again = await openFile(guest, "link");
      const other = await openFile(guest, "sub/inner.txt");
      assert.equal(await guest.call(`${DESCRIPTOR}.is-same-object`, file, again), true);
      assert.equal(await guest.call(`${DESCRIPTOR}.is-same-object`, file, other), false);
      const hash = await guest.ok(`${DESCRIPTOR}.metadata-hash`, file);
      const walk = ["symlink-follow"];
      assert.deepEqual(await inDirectory(guest, "metadata-hash-at", walk, "link"), hash);
      assert.notDeepEqual(await guest.ok(`${DESCRIPTOR}.metadata-hash`, other), hash);
    },
  },
  {
    name: "what there is not, and what is no directory, is told apart",
    async run({ guest }) {
      for (
        const [path, error] of [
          ["nowhere.txt", "no-entry"],
          ["greeting.txt/inner", "not-directory"],
          ["../outside", "not-permitted"],
        ] as const
      ) {
        await assert.rejects(openFile(guest, path), { value: error });
      }
    },
  },
  {
    name: "a file is made, written at an offset and cut",
    async run({ guest }) {
      const file = await create(guest, "made.txt");
      assert.equal(await guest.ok(`${DESCRIPTOR}.write`, file, bytes("0123456789"), 0n), 10n);
      assert.equal(await guest.ok(`${DESCRIPTOR}.write`, file, bytes("AB"), 4n), 2n);
      await guest.ok(`${DESCRIPTOR}.set-size`, file, 8n);
      await guest.ok(`${DESCRIPTOR}.sync-data`, file);
      await guest.ok(`${DESCRIPTOR}.sync`, file);
      assert.equal(await readFile(guest, "made.txt"), "0123AB67");
    },
  },
  {
    name: "a file is written and appended to as a stream",
    async run({ guest }) {
      const file = await create(guest, "streamed.txt");
      const stream = await guest.ok(`${DESCRIPTOR}.write-via-stream`, file, 0n);
      await guest.ok(`${STREAM}.blocking-write-and-flush`, stream, bytes("first "));
      const end = await guest.ok(`${DESCRIPTOR}.append-via-stream`, file);
      await guest.ok(`${STREAM}.blocking-write-and-flush`, end, bytes("second"));
      assert.equal(await readFile(guest, "streamed.txt"), "first second");
      const input = await guest.ok(`${DESCRIPTOR}.read-via-stream`, file, 6n);
      const read = "wasi:io/streams#[method]input-stream.blocking-read";
      assert.deepEqual(await guest.ok(read, input, 100n), bytes("second"));
    },
  },
  {
    name: "the times of a file are set, by descriptor and by path",
    async run({ guest }) {
      const file = await create(guest, "dated.txt");
      await guest.ok(`${DESCRIPTOR}.set-times`, file, PAST, PAST);
      assert.equal(await modified(guest, "dated.txt"), 1_000_000n);
      const now = { tag: "now" };
      await inDirectory(guest, "set-times-at", [], "dated.txt", { tag: "no-change" }, now);
      assert.ok(await modified(guest, "dated.txt") > 1_600_000_000n);
    },
  },
  {
    name: "directories are made and removed",
    async run({ guest }) {
      await inDirectory(guest, "create-directory-at", "fresh");
      const again = inDirectory(guest, "create-directory-at", "fresh");
      await assert.rejects(again, { value: "exist" });
      await create(guest, "fresh/file.txt");
      const full = inDirectory(guest, "remove-directory-at", "fresh");
      await assert.rejects(full, { value: "not-empty" });
      await inDirectory(guest, "unlink-file-at", "fresh/file.txt");
      await inDirectory(guest, "remove-directory-at", "fresh");
      await assert.rejects(openFile(guest, "fresh"), { value: "no-entry" });
    },
  },
  {
    name: "files are renamed, linked and removed",
    async run({ guest }) {
      const directory = await firstDirectory(guest);
      await create(guest, "before.txt");
      await inDirectory(guest, "rename-at", "before.txt", directory, "after.txt");
      await inDirectory(guest, "link-at", [], "after.txt", directory, "twin.txt");
      const [one, two] = [await openFile(guest, "after.txt"), await openFile(guest, "twin.txt")];
      assert.equal(await guest.call(`${DESCRIPTOR}.is-same-object`, one, two), true);
      await inDirectory(guest, "unlink-file-at", "after.txt");
      await inDirectory(guest, "unlink-file-at", "twin.txt");
      await assert.rejects(openFile(guest, "before.txt"), { value: "no-entry" });
      await assert.rejects(openFile(guest, "twin.txt"), { value: "no-entry" });
    },
  },
  {
    name: "a symlink is made and followed",
    // Deno lets only those make symlinks who may read and write everything.
    lockedError: "not-permitted",
    async run({ guest }) {
      await inDirectory(guest, "symlink-at", "greeting.txt", "made-link");
      assert.equal(await inDirectory(guest, "readlink-at", "made-link"), "greeting.txt");
      assert.equal(await readFile(guest, "made-link"), "hello world");
    },
  },
];

async function create(guest: RawGuest, path: string): Promise<number> {
  return await openFile(guest, path, { open: ["create"], flags: ["read", "write"] });
}

async function modified(guest: RawGuest, path: string): Promise<bigint> {
  const stat = await inDirectory(guest, "stat-at", [], path) as Stat;
  return stat["data-modification-timestamp"]?.seconds ?? 0n;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
