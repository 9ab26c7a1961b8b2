import assert from "node:assert/strict";
import type { ByteSink } from "../../../../../src/host/wasi/p2/io/byte_sink.ts";
import type { ByteSource } from "../../../../../src/host/wasi/p2/io/byte_source.ts";
import { InputStream } from "../../../../../src/host/wasi/p2/io/input_stream.ts";
import { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { OutputStream } from "../../../../../src/host/wasi/p2/io/output_stream.ts";
import { thrown } from "../../../thrown.ts";

const CLOSED = { tag: "closed" };

function input(source: ByteSource): InputStream {
  return new InputStream(source, { signal: new AbortController().signal });
}

function output(sink: ByteSink): OutputStream {
  return new OutputStream(sink, { signal: new AbortController().signal });
}

class ArraySource implements ByteSource {
  readonly limits: number[] = [];
  disposals = 0;
  #rest: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  read(limit: number): Uint8Array | undefined {
    this.limits.push(limit);
    if (this.#rest.length === 0) return undefined;
    const chunk = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(limit);
    return chunk;
  }

  [Symbol.dispose](): void {
    this.disposals += 1;
  }
}

function failing(error: unknown): ByteSource {
  return {
    read() {
      throw error;
    },
    [Symbol.dispose]() {},
  };
}

function collecting() {
  const chunks: Uint8Array[] = [];
  const stream = output({ write: (chunk) => void chunks.push(chunk) });
  return { chunks, stream };
}

Deno.test("read() gives the bytes in order and closes the source at the end", () => {
  const source = new ArraySource(Uint8Array.of(1, 2, 3));
  const stream = input(source);
  assert.deepEqual(stream.read(2n), Uint8Array.of(1, 2));
  assert.deepEqual(stream.read(0n), new Uint8Array());
  assert.deepEqual(stream.blockingRead(9n), Uint8Array.of(3));
  assert.deepEqual(thrown(() => stream.read(1n)), CLOSED);
  assert.deepEqual(thrown(() => stream.read(0n)), CLOSED);
  assert.equal(source.disposals, 1);
});

Deno.test("read() asks the source for no more than 64 KiB at once", () => {
  const source = new ArraySource(new Uint8Array(100_000));
  const stream = input(source);
  assert.equal(stream.read(2n ** 64n - 1n).length, 65_536);
  assert.deepEqual(source.limits, [65_536]);
});

Deno.test("skip() counts what it drops", () => {
  const stream = input(new ArraySource(Uint8Array.of(1, 2, 3, 4)));
  assert.equal(stream.skip(1n), 1n);
  assert.equal(stream.blockingSkip(2n), 2n);
  assert.deepEqual(stream.read(9n), Uint8Array.of(4));
});

Deno.test("read() reports a source's error once and is closed from then on", () => {
  const error = new IoError("broken");
  const stream = input(failing(error));
  assert.deepEqual(thrown(() => stream.read(1n)), {
    tag: "last-operation-failed",
    val: error,
  });
  assert.deepEqual(thrown(() => stream.blockingRead(1n)), CLOSED);
});

Deno.test("read() passes on a fault of the host as it is", () => {
  const fault = new TypeError("Bug");
  assert.equal(thrown(() => input(failing(fault)).read(1n)), fault);
});

Deno.test("dropping an input stream disposes its source once", () => {
  const source = new ArraySource(Uint8Array.of(1));
  const stream = input(source);
  stream[Symbol.dispose]();
  stream[Symbol.dispose]();
  assert.equal(source.disposals, 1);
});

Deno.test("write() takes as many bytes as check-write permitted, in parts", () => {
  const { chunks, stream } = collecting();
  assert.equal(stream.checkWrite(), 65_536n);
  stream.write(Uint8Array.of(1));
  stream.writeZeroes(2n);
  stream.write(new Uint8Array(65_533));
  assert.deepEqual(chunks.map((chunk) => chunk.length), [1, 2, 65_533]);
});

const OVERRUNS: Readonly<Record<string, (stream: OutputStream) => void>> = {
  "write() before check-write": (stream) => stream.write(Uint8Array.of(1)),
  "write() beyond the permit": (stream) => {
    stream.checkWrite();
    stream.write(new Uint8Array(65_537));
  },
  "a second write() beyond the permit": (stream) => {
    stream.checkWrite();
    stream.write(new Uint8Array(65_536));
    stream.write(Uint8Array.of(1));
  },
  "write-zeroes beyond the permit": (stream) => {
    stream.checkWrite();
    stream.writeZeroes(2n ** 64n - 1n);
  },
  "blocking-write-zeroes-and-flush beyond 4,096": (stream) =>
    stream.blockingWriteZeroesAndFlush(4_097n),
};

for (const [name, overrun] of Object.entries(OVERRUNS)) {
  Deno.test(`${name} traps`, () => {
    const { stream } = collecting();
    const error = thrown(() => overrun(stream));
    assert(error instanceof WebAssembly.RuntimeError);
  });
}

Deno.test("the blocking writes need no permit", () => {
  const { chunks, stream } = collecting();
  stream.blockingWriteAndFlush(Uint8Array.of(7));
  stream.blockingWriteZeroesAndFlush(2n);
  stream.blockingFlush();
  stream.flush();
  assert.deepEqual(chunks, [Uint8Array.of(7), Uint8Array.of(0, 0)]);
});

Deno.test("write() reports a sink's error once and is closed from then on", () => {
  const error = new IoError("broken");
  const stream = output({
    write() {
      throw error;
    },
  });
  stream.checkWrite();
  assert.deepEqual(thrown(() => stream.write(Uint8Array.of(1))), {
    tag: "last-operation-failed",
    val: error,
  });
  for (
    const operation of [
      () => stream.checkWrite(),
      () => stream.write(new Uint8Array()),
      () => stream.blockingWriteAndFlush(Uint8Array.of(1)),
      () => stream.flush(),
      () => stream.blockingFlush(),
    ]
  ) {
    assert.deepEqual(thrown(operation), CLOSED);
  }
});

Deno.test("splice() moves up to the length asked for and up to the permit", () => {
  const { chunks, stream } = collecting();
  const source = input(new ArraySource(new Uint8Array(70_000)));
  assert.equal(stream.splice(source, 10n), 10n);
  assert.equal(stream.blockingSplice(source, 2n ** 64n - 1n), 65_536n);
  assert.deepEqual(chunks.map((chunk) => chunk.length), [10, 65_536]);
});

Deno.test("splice() ends with the source's error", () => {
  const { chunks, stream } = collecting();
  const source = input(new ArraySource(new Uint8Array()));
  assert.deepEqual(thrown(() => stream.splice(source, 1n)), CLOSED);
  assert.deepEqual(chunks, []);
});

Deno.test("subscribe() is ready on open and on closed streams", () => {
  const stream = input(new ArraySource(Uint8Array.of(1)));
  assert(stream.subscribe().ready());
  stream[Symbol.dispose]();
  assert(stream.subscribe().ready());
  assert(collecting().stream.subscribe().ready());
});
