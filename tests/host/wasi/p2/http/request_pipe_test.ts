import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { HttpIoError } from "../../../../../src/host/wasi/p2/http/http_io_error.ts";
import { RequestPipe } from "../../../../../src/host/wasi/p2/http/request_pipe.ts";
import { thrown } from "../../../thrown.ts";

/** A connection that takes bytes only when it is told to. */
function slowConnection() {
  const taken: (() => void)[] = [];
  let text = "";
  const socket = new Writable({
    write(chunk, _encoding, callback) {
      text += new TextDecoder().decode(chunk);
      taken.push(callback);
    },
  });
  return {
    socket,
    get text() {
      return text;
    },
    /** Takes one chunk. */
    async take() {
      taken.shift()?.();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

Deno.test("a pipe takes 64 KiB, and more only when the connection has taken them", async () => {
  const pipe = new RequestPipe(undefined);
  assert.equal(pipe.capacity(), 65_536);
  pipe.write(new Uint8Array(65_530));
  assert.equal(pipe.capacity(), 6);
  pipe.write(new Uint8Array(6));
  assert.equal(pipe.capacity(), 0);
  assert(!pipe.writable.ready() && !pipe.flushed.ready());
  let writable = 0;
  pipe.writable.whenReady(() => writable++);
  const connection = slowConnection();
  pipe.attach(connection.socket, "chunked");
  assert.equal(pipe.capacity(), 0);
  await connection.take();
  assert.equal(writable, 1);
  assert.equal(pipe.capacity(), 65_530);
  assert(!pipe.flushed.ready());
  await connection.take();
  assert(pipe.flushed.ready());
});

Deno.test("a pipe frames what was written before and after there is a connection", async () => {
  for (
    const [framing, expected] of [
      ["chunked", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"],
      ["sized", "abcde"],
    ] as const
  ) {
    const pipe = new RequestPipe(framing === "sized" ? 5 : undefined);
    const connection = slowConnection();
    pipe.write(new TextEncoder().encode("abc"));
    pipe.attach(connection.socket, framing);
    pipe.write(new TextEncoder().encode("de"));
    pipe.finish([]);
    for (let chunks = 0; chunks < 3; chunks++) await connection.take();
    assert.equal(connection.text, expected);
  }
});

Deno.test("a pipe that was broken off wakes whoever waits, and fails whatever comes", () => {
  const pipe = new RequestPipe(undefined);
  pipe.write(new Uint8Array(65_536));
  let woken = 0;
  for (const condition of [pipe.writable, pipe.flushed]) condition.whenReady(() => woken++);
  pipe.fail({ tag: "connection-terminated" });
  assert.equal(woken, 2);
  assert(thrown(() => pipe.capacity()) instanceof HttpIoError);
  assert(thrown(() => pipe.write(new Uint8Array(1))) instanceof HttpIoError);
  assert.equal(pipe.finish([]), undefined);
});

Deno.test("a wait for a pipe can be cancelled", async () => {
  const pipe = new RequestPipe(undefined);
  let woken = false;
  const cancel = pipe.writable.whenReady(() => woken = true);
  cancel();
  await new Promise((resolve) => setTimeout(resolve));
  assert(!woken);
});
