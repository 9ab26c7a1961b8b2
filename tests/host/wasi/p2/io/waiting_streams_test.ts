// Streams whose source has nothing yet, or whose sink is full.

import assert from "node:assert/strict";
import type { ByteSink } from "../../../../../src/host/wasi/p2/io/byte_sink.ts";
import type { ByteSource } from "../../../../../src/host/wasi/p2/io/byte_source.ts";
import { InputStream } from "../../../../../src/host/wasi/p2/io/input_stream.ts";
import { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { OutputStream } from "../../../../../src/host/wasi/p2/io/output_stream.ts";
import { poll } from "../../../../../src/host/wasi/p2/io/poll.ts";
import { Pollable } from "../../../../../src/host/wasi/p2/io/pollable.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { Flag } from "./flag.ts";

const CLOSED = { tag: "closed" };

/** A source that gets its bytes from a test. */
class Pipe implements ByteSource {
  readonly readable = new Flag();
  disposals = 0;
  #bytes: number[] = [];
  #ended = false;
  #error: IoError | undefined;

  push(...bytes: number[]): void {
    this.#bytes.push(...bytes);
    this.readable.set(true);
  }

  end(error?: IoError): void {
    this.#ended = true;
    this.#error = error;
    this.readable.set(true);
  }

  read(limit: number): Uint8Array | undefined {
    if (this.#bytes.length === 0 && this.#error !== undefined) throw this.#error;
    if (this.#bytes.length === 0 && this.#ended) return undefined;
    const taken = this.#bytes.splice(0, limit);
    this.readable.set(this.#bytes.length > 0 || this.#ended);
    return Uint8Array.from(taken);
  }

  [Symbol.dispose](): void {
    this.disposals += 1;
  }
}

/** A sink with room for as many bytes as a test gives it, which are out when the test says so. */
class Tank implements ByteSink {
  readonly writable = new Flag();
  readonly flushed = new Flag(true);
  readonly chunks: number[][] = [];
  disposals = 0;
  #room = 0;
  #error: IoError | undefined;

  constructor(room: number) {
    this.give(room);
  }

  give(room: number): void {
    this.#room += room;
    this.writable.set(this.#room > 0);
  }

  fail(error: IoError): void {
    this.#error = error;
    this.writable.set(true);
    this.flushed.set(true);
  }

  capacity(): number {
    if (this.#error !== undefined) throw this.#error;
    return this.#room;
  }

  write(chunk: Uint8Array): void {
    assert(chunk.length <= this.#room, "more was written than there is room");
    this.chunks.push([...chunk]);
    this.#room -= chunk.length;
    this.writable.set(this.#room > 0);
    this.flushed.set(false);
  }

  [Symbol.dispose](): void {
    this.disposals += 1;
  }
}

function setUp(room = 0) {
  const cancel = new AbortController();
  const { signal } = cancel;
  const pipe = new Pipe();
  const tank = new Tank(room);
  const input = new InputStream(pipe, { signal });
  const output = new OutputStream(tank, { signal });
  return { cancel, pipe, tank, input, output };
}

/** Runs whatever can be run without an event from outside. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

Deno.test("read() gives no bytes when there are none yet", () => {
  const { pipe, input } = setUp();
  assert.deepEqual(input.read(5n), new Uint8Array());
  assert.equal(input.skip(5n), 0n);
  pipe.push(1, 2);
  assert.deepEqual(input.read(5n), Uint8Array.of(1, 2));
  assert.deepEqual(input.read(5n), new Uint8Array());
});

Deno.test("blocking-read waits for the first bytes and then gives what is there", async () => {
  const { pipe, input } = setUp();
  const reading = input.blockingRead(5n);
  assert(reading instanceof Promise);
  pipe.push(1, 2, 3);
  assert.deepEqual(await reading, Uint8Array.of(1, 2, 3));
  pipe.push(4);
  assert.deepEqual(input.blockingRead(5n), Uint8Array.of(4));
  assert.equal(pipe.readable.waiting, 0);
});

Deno.test("blocking-read waits on when another stream took the bytes", async () => {
  const { cancel, pipe, input } = setUp();
  const other = new InputStream(pipe, { signal: cancel.signal });
  const reading = Promise.all([input.blockingRead(2n), other.blockingRead(2n)]);
  pipe.push(1, 2);
  await settle();
  assert.equal(pipe.readable.waiting, 1);
  pipe.push(3);
  assert.deepEqual(await reading, [Uint8Array.of(1, 2), Uint8Array.of(3)]);
});

Deno.test("blocking-read of nothing waits until something is there and takes nothing", async () => {
  const { pipe, input } = setUp();
  const reading = input.blockingRead(0n);
  assert(reading instanceof Promise);
  pipe.push(1);
  assert.deepEqual(await reading, new Uint8Array());
  assert.deepEqual(input.blockingRead(0n), new Uint8Array());
  assert.deepEqual(input.read(1n), Uint8Array.of(1));
});

Deno.test("blocking-skip waits and counts what it drops", async () => {
  const { pipe, input } = setUp();
  const skipping = input.blockingSkip(2n);
  assert(skipping instanceof Promise);
  pipe.push(1, 2, 3);
  assert.equal(await skipping, 2n);
  assert.equal(input.blockingSkip(2n), 1n);
});

Deno.test("blocking-read ends with the end or the error that it waited for", async () => {
  const error = new IoError("broken");
  for (const [end, expected] of [[undefined, CLOSED], [error, failed(error)]] as const) {
    const { pipe, input } = setUp();
    const reading = input.blockingRead(1n);
    const skipping = input.blockingSkip(1n);
    pipe.end(end);
    await assert.rejects(async () => await reading, (error) => same(error, expected));
    await assert.rejects(async () => await skipping, (error) => same(error, CLOSED));
    assert.equal(pipe.disposals, 1);
  }
});

Deno.test("every wait of a stream rejects with the signal's reason and leaves nobody waiting", async () => {
  const reason = new Error("Event cancelled");
  const { cancel, pipe, tank, input, output } = setUp();
  const waits = [
    input.blockingRead(1n),
    input.blockingSkip(1n),
    input.subscribe().block(),
    output.blockingWriteAndFlush(Uint8Array.of(1)),
    output.blockingWriteZeroesAndFlush(1n),
    output.blockingSplice(input, 1n),
    output.subscribe().block(),
  ];
  assert(waits.every((wait) => wait instanceof Promise));
  cancel.abort(reason);
  for (const wait of waits) await assert.rejects(async () => await wait, reason);
  assert.deepEqual([pipe.readable.waiting, tank.writable.waiting], [0, 0]);
  await assert.rejects(async () => await input.blockingRead(1n), reason);
});

Deno.test("check-write permits what there is room for, 64 KiB at most, and nothing when full", () => {
  const { tank, output } = setUp(3);
  assert.equal(output.checkWrite(), 3n);
  output.write(Uint8Array.of(1, 2, 3));
  assert.equal(output.checkWrite(), 0n);
  output.write(new Uint8Array());
  assert(thrown(() => output.write(Uint8Array.of(1))) instanceof WebAssembly.RuntimeError);
  tank.give(100_000);
  assert.equal(output.checkWrite(), 65_536n);
});

Deno.test("blocking-write-and-flush writes in parts as there is room and waits for the flush", async () => {
  const { tank, output } = setUp(2);
  const writing = output.blockingWriteAndFlush(Uint8Array.of(1, 2, 3, 4, 5));
  assert(writing instanceof Promise);
  assert.deepEqual(tank.chunks, [[1, 2]]);
  tank.give(1);
  await settle();
  tank.give(7);
  await settle();
  assert.deepEqual(tank.chunks, [[1, 2], [3], [4, 5]]);
  let isOver = false;
  const over = writing.then(() => isOver = true);
  await settle();
  assert.equal(isOver, false);
  tank.flushed.set(true);
  await over;
  assert.equal(output.checkWrite(), 5n);
});

Deno.test("blocking-write-zeroes-and-flush waits for room and for the flush", async () => {
  const { tank, output } = setUp();
  const writing = output.blockingWriteZeroesAndFlush(2n);
  tank.give(9);
  await settle();
  tank.flushed.set(true);
  await writing;
  assert.deepEqual(tank.chunks, [[0, 0]]);
});

Deno.test("flush() lets nothing be written until it is done", () => {
  const { tank, output } = setUp(9);
  const pollable = output.subscribe();
  output.flush();
  assert.equal(output.checkWrite(), 9n);
  output.write(Uint8Array.of(1));
  output.flush();
  assert.equal(output.checkWrite(), 0n);
  assert.equal(pollable.ready(), false);
  tank.flushed.set(true);
  assert.equal(pollable.ready(), true);
  assert.equal(output.checkWrite(), 8n);
});

Deno.test("subscribe() waits for the flush and then for room", async () => {
  const { tank, output } = setUp(1);
  output.checkWrite();
  output.write(Uint8Array.of(1));
  output.flush();
  const waiting = output.subscribe().block();
  assert(waiting instanceof Promise);
  let isOver = false;
  const over = waiting.then(() => isOver = true);
  tank.flushed.set(true);
  await settle();
  assert.equal(isOver, false);
  assert.equal(tank.writable.waiting, 1);
  tank.give(1);
  await over;
  assert.equal(output.checkWrite(), 1n);
});

Deno.test("blocking-flush returns at once when all is out and else waits", async () => {
  const { tank, output } = setUp(5);
  assert.equal(output.blockingFlush(), undefined);
  output.checkWrite();
  output.write(Uint8Array.of(1));
  const flushing = output.blockingFlush();
  assert(flushing instanceof Promise);
  assert.equal(output.checkWrite(), 0n);
  tank.flushed.set(true);
  await flushing;
  assert.equal(output.checkWrite(), 4n);
});

Deno.test("a sink's failure reaches the guest whatever it is waiting for", async () => {
  const error = new IoError("broken");
  const waits: Readonly<Record<string, (output: OutputStream) => unknown>> = {
    "blocking-write-and-flush, full": (output) => output.blockingWriteAndFlush(new Uint8Array(9)),
    "blocking-flush": (output) => {
      output.checkWrite();
      output.write(Uint8Array.of(1));
      return output.blockingFlush();
    },
    "blocking-splice, full": (output) => {
      output.checkWrite();
      output.write(Uint8Array.of(1, 2));
      return output.blockingSplice(setUp().input, 1n);
    },
  };
  for (const [name, wait] of Object.entries(waits)) {
    const { tank, output } = setUp(2);
    const waiting = wait(output);
    assert(waiting instanceof Promise, name);
    tank.fail(error);
    await assert.rejects(waiting, (thrown) => same(thrown, failed(error)), name);
    assert.deepEqual(thrown(() => output.checkWrite()), CLOSED, name);
    assert.equal(tank.disposals, 1, name);
  }
});

Deno.test("a sink's failure reaches the guest when it asks", () => {
  const error = new IoError("broken");
  for (
    const ask of [
      (output: OutputStream) => output.checkWrite(),
      (output: OutputStream) => output.flush(),
      (output: OutputStream) => output.blockingFlush(),
      (output: OutputStream) => output.splice(setUp().input, 1n),
    ]
  ) {
    const { tank, output } = setUp(1);
    tank.fail(error);
    assert.deepEqual(thrown(() => ask(output)), failed(error));
    assert.deepEqual(thrown(() => ask(output)), CLOSED);
  }
});

Deno.test("splice() reads no more than the output has room for", () => {
  const { pipe, tank, input, output } = setUp(2);
  pipe.push(1, 2, 3);
  assert.equal(output.splice(input, 9n), 2n);
  assert.equal(output.splice(input, 9n), 0n);
  assert.deepEqual(tank.chunks, [[1, 2]]);
  assert.deepEqual(input.read(9n), Uint8Array.of(3));
});

Deno.test("blocking-splice waits for room, then for bytes, and loses none", async () => {
  const { pipe, tank, input, output } = setUp();
  const moving = output.blockingSplice(input, 2n);
  assert(moving instanceof Promise);
  pipe.push(1, 2, 3);
  await settle();
  assert.deepEqual(tank.chunks, []);
  tank.give(1);
  assert.equal(await moving, 1n);
  tank.give(9);
  const rest = [await output.blockingSplice(input, 9n), output.blockingSplice(input, 0n)];
  assert.deepEqual(rest, [2n, 0n]);
  assert.deepEqual(tank.chunks, [[1], [2, 3]]);
  const next = output.blockingSplice(input, 9n);
  assert(next instanceof Promise);
  pipe.end();
  await assert.rejects(next, (error) => same(error, CLOSED));
});

Deno.test("pollables of a dropped stream are ready and wait for nothing", async () => {
  const { pipe, tank, input, output } = setUp();
  const pollables = [input.subscribe(), output.subscribe()];
  assert.deepEqual(pollables.map((pollable) => pollable.ready()), [false, false]);
  input[Symbol.dispose]();
  output[Symbol.dispose]();
  output[Symbol.dispose]();
  assert.deepEqual(pollables.map((pollable) => pollable.ready()), [true, true]);
  assert.deepEqual(pollables.map((pollable) => pollable.block()), [undefined, undefined]);
  assert.deepEqual([pipe.disposals, tank.disposals], [1, 1]);
  assert.deepEqual(thrown(() => output.checkWrite()), CLOSED);
  pipe.push(1);
  tank.give(1);
  await settle();
});

Deno.test("poll() waits for any mix of pollables", async () => {
  const { pipe, tank, input, output } = setUp();
  const pollAll = (pollables: readonly Pollable[]) =>
    call(poll.create(guestContext()), "poll", pollables);
  const mixed = [output.subscribe(), input.subscribe(), output.subscribe()];
  const waiting = pollAll(mixed);
  assert(waiting instanceof Promise);
  tank.give(1);
  assert.deepEqual(await waiting, Uint32Array.of(0, 2));
  pipe.push(1);
  assert.deepEqual(pollAll([...mixed, new Pollable()]), Uint32Array.of(0, 1, 2, 3));
  assert.equal(pipe.readable.waiting, 0);
});

Deno.test("poll() waits on when what became ready was taken by another", async () => {
  const { pipe, input } = setUp();
  const other = input.blockingRead(9n);
  const waiting = call(poll.create(guestContext()), "poll", [input.subscribe()]);
  pipe.push(1);
  assert.deepEqual(await other, Uint8Array.of(1));
  await settle();
  pipe.push(2);
  assert.deepEqual(await waiting, Uint32Array.of(0));
});

function failed(error: IoError): unknown {
  return { tag: "last-operation-failed", val: error };
}

function same(actual: unknown, expected: unknown): boolean {
  assert.deepEqual(actual, expected);
  return true;
}
