import assert from "node:assert/strict";
import { Fields } from "../../../../../src/host/wasi/p2/http/fields.ts";
import { HttpIoError } from "../../../../../src/host/wasi/p2/http/http_io_error.ts";
import { IncomingBody } from "../../../../../src/host/wasi/p2/http/incoming_body.ts";
import { OutgoingBody } from "../../../../../src/host/wasi/p2/http/outgoing_body.ts";
import { httpTypes } from "../../../../../src/host/wasi/p2/http/types.ts";
import { IoError } from "../../../../../src/host/wasi/p2/io/io_error.ts";
import { call } from "../../../call.ts";
import { guestContext } from "../../../guest_context.ts";
import { thrown } from "../../../thrown.ts";
import { Client, requestOf, responseOf } from "./client.ts";
import { type RawServer, rawServer } from "./raw_server.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const post = { method: { tag: "post" } } as const;

/** A server that answers every request at once, and a guest that may reach it. */
function connected(answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok") {
  const server = rawServer((connection) => connection.send(answer));
  const authority = `127.0.0.1:${server.port}`;
  const client = new Client([`http://${authority}`]);
  return {
    server,
    authority,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Waits, by looking again and again, since nothing tells when a server has noticed. */
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 5_000; waited += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(condition());
}

async function assertConnectionsEnd(server: RawServer): Promise<void> {
  await until(() => server.received.length > 0 && server.ended === server.received.length);
}

Deno.test("get() gives the response once", async () => {
  await using around = connected();
  using future = around.client.handle(requestOf({ authority: around.authority }));
  assert.equal(future.get(), undefined);
  using _response = await responseOf(future);
  assert.deepEqual(future.get(), { tag: "err", val: undefined });
});

Deno.test("consume() and stream() answer once, and the header cannot be changed", async () => {
  await using around = connected();
  using future = around.client.handle(requestOf({ authority: around.authority }));
  using response = await responseOf(future);
  assert.deepEqual(
    thrown(() => response.headers().append("x", encode("1"))),
    { tag: "immutable" },
  );
  using body = response.consume();
  assert.equal(thrown(() => response.consume()), undefined);
  using _stream = body.stream();
  assert.equal(thrown(() => body.stream()), undefined);
});

Deno.test("a body cannot end before its stream does", async () => {
  await using around = connected();
  const request = requestOf({ authority: around.authority, ...post });
  const outgoing = request.body();
  const output = outgoing.write();
  assert(
    thrown(() => OutgoingBody.finish(outgoing, undefined)) instanceof WebAssembly.RuntimeError,
  );
  assert(thrown(() => outgoing[Symbol.dispose]()) instanceof WebAssembly.RuntimeError);
  output[Symbol.dispose]();
  OutgoingBody.finish(outgoing, undefined);
  using future = around.client.handle(request);
  using response = await responseOf(future);
  const incoming = response.consume();
  const input = incoming.stream();
  assert(thrown(() => IncomingBody.finish(incoming)) instanceof WebAssembly.RuntimeError);
  assert(thrown(() => incoming[Symbol.dispose]()) instanceof WebAssembly.RuntimeError);
  input[Symbol.dispose]();
  using _trailers = IncomingBody.finish(incoming);
});

Deno.test("the trailer of a body that was not read comes all the same, once", async () => {
  await using around = connected(
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx: 1\r\n\r\n",
  );
  using future = around.client.handle(requestOf({ authority: around.authority }));
  using response = await responseOf(future);
  using trailers = IncomingBody.finish(response.consume());
  await trailers.subscribe().block();
  const result = trailers.get();
  assert(result?.tag === "ok" && result.val.tag === "ok");
  assert.deepEqual(result.val.val?.entries(), [["x", encode("1")]]);
  assert.deepEqual(trailers.get(), { tag: "err", val: undefined });
});

Deno.test("a body that does not end breaks off where its trailer would be", async () => {
  await using server = rawServer(async (connection) => {
    await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok");
    connection.close();
  });
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  using future = client.handle(requestOf({ authority }));
  using response = await responseOf(future);
  using trailers = IncomingBody.finish(response.consume());
  await trailers.subscribe().block();
  assert.deepEqual(trailers.get(), {
    tag: "ok",
    val: { tag: "err", val: { tag: "HTTP-response-incomplete" } },
  });
});

Deno.test("whatever a guest drops closes its connection", async () => {
  const drops: readonly ((client: Client, authority: string) => Promise<void>)[] = [
    async (client, authority) => {
      using future = client.handle(requestOf({ authority }));
      await future.subscribe().block();
    },
    async (client, authority) => {
      using future = client.handle(requestOf({ authority }));
      (await responseOf(future))[Symbol.dispose]();
    },
    async (client, authority) => {
      using future = client.handle(requestOf({ authority }));
      (await responseOf(future)).consume()[Symbol.dispose]();
    },
    async (client, authority) => {
      using future = client.handle(requestOf({ authority }));
      IncomingBody.finish((await responseOf(future)).consume())[Symbol.dispose]();
    },
  ];
  for (const drop of drops) {
    await using server = rawServer(async (connection) => {
      await connection.send("HTTP/1.1 200 OK\r\n\r\n");
      while (true) await connection.send("x".repeat(65_536));
    });
    const authority = `127.0.0.1:${server.port}`;
    using client = new Client([`http://${authority}`]);
    await drop(client, authority);
    await assertConnectionsEnd(server);
  }
});

Deno.test("the end of the instance closes every connection and fails what is under way", async () => {
  await using server = rawServer(() => {});
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  const future = client.handle(requestOf({ authority }));
  await until(() => server.received.length === 1);
  const waiting = future.subscribe().block();
  client[Symbol.dispose]();
  await assert.rejects(async () => await waiting, { name: "AbortError" });
  await assertConnectionsEnd(server);
  assert.equal(future.get()?.tag, "ok");
});

Deno.test("an instance has at most 64 requests under way", async () => {
  await using server = rawServer(() => {});
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  const futures = Array.from({ length: 64 }, () => client.handle(requestOf({ authority })));
  const oneMore = () => client.handle(requestOf({ authority }));
  assert.deepEqual(thrown(oneMore), { tag: "connection-limit-reached" });
  await until(() => server.received.length === 64);
  futures[0]?.[Symbol.dispose]();
  await until(() => server.ended === 1);
  oneMore();
  assert.deepEqual(thrown(oneMore), { tag: "connection-limit-reached" });
});

/** What a guest writes where `content-length` is 3, and how many bytes that is. */
const WRONG_LENGTHS = [["ab", 2n], ["abcd", 4n], ["", 0n]] as const;

for (const [text, size] of WRONG_LENGTHS) {
  Deno.test(`a body of ${size} bytes where content-length is 3 fails the request`, async () => {
    await using server = rawServer(() => {});
    const authority = `127.0.0.1:${server.port}`;
    using client = new Client([`http://${authority}`]);
    const request = requestOf({ authority, headers: { "content-length": "3" }, ...post });
    const body = request.body();
    using future = client.handle(request);
    const expected = { tag: "HTTP-request-body-size", val: size };
    const stream = body.write();
    if (size > 3n) {
      await assert.rejects(
        async () => await stream.blockingWriteAndFlush(encode(text)),
        ({ tag, val }) => {
          assert.equal(tag, "last-operation-failed");
          const types = httpTypes.create(guestContext());
          assert.deepEqual(call(types, "httpErrorCode", val), expected);
          return true;
        },
      );
    } else if (size > 0n) await stream.blockingWriteAndFlush(encode(text));
    stream[Symbol.dispose]();
    assert.deepEqual(thrown(() => OutgoingBody.finish(body, undefined)), expected);
    await assert.rejects(responseOf(future), (error) => {
      assert.deepEqual(error, expected);
      return true;
    });
  });
}

Deno.test("a body that is dropped before its end fails the request", async () => {
  await using server = rawServer(() => {});
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  for (const written of ["", "abc"]) {
    const request = requestOf({ authority, ...post });
    const body = request.body();
    using future = client.handle(request);
    if (written !== "") {
      using stream = body.write();
      await stream.blockingWriteAndFlush(encode(written));
    }
    body[Symbol.dispose]();
    await assert.rejects(responseOf(future), { tag: "HTTP-protocol-error" });
  }
});

Deno.test("a server that answers early is heard, though the body cannot be sent any more", async () => {
  await using server = rawServer(async (connection) => {
    await connection.send("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n");
  });
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  const request = requestOf({ authority, ...post });
  const body = request.body();
  using future = client.handle(request);
  using response = await responseOf(future);
  assert.equal(response.status(), 413);
  const stream = body.write();
  await until(() => server.ended === 1);
  const error = thrown(() => stream.checkWrite());
  assert((error as { val?: unknown }).val instanceof HttpIoError);
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
});

Deno.test("handle() refuses what contradicts itself", () => {
  using client = new Client(["*://*:*"]);
  const refused = [
    [{ headers: { "content-length": "3" } }, { tag: "HTTP-request-body-size", val: 0n }],
    [{ headers: { "content-length": "x" } }, { tag: "HTTP-protocol-error" }],
    [{ headers: { "content-length": "1, 1" } }, { tag: "HTTP-protocol-error" }],
  ] as const;
  for (const [sent, code] of refused) {
    const request = requestOf({ authority: "127.0.0.1:9", ...sent });
    assert.deepEqual(thrown(() => client.handle(request)), code);
  }
});

Deno.test("a trailer has no room behind a content-length", () => {
  const request = requestOf({ authority: "a", headers: { "content-length": "0" }, ...post });
  const trailers = Fields.fromList([["x", encode("1")]]);
  assert.deepEqual(
    thrown(() => OutgoingBody.finish(request.body(), trailers)),
    { tag: "HTTP-protocol-error" },
  );
});

Deno.test("a connection that fails says why", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  using client = new Client(["*://*:*"]);
  await assert.rejects(client.send({ authority: `127.0.0.1:${port}` }), {
    tag: "connection-refused",
  });
  await assert.rejects(client.send({ authority: "no-such-name.invalid" }), { tag: "DNS-error" });
  await assert.rejects(
    client.send({ authority: `127.0.0.1:${port}`, timeouts: { connect: 0 } }),
    ({ tag }) => tag === "connection-timeout" || tag === "connection-refused",
  );
});

Deno.test("httpErrorCode() knows only errors of HTTP", () => {
  const types = httpTypes.create(guestContext());
  const code = { tag: "connection-terminated" } as const;
  assert.deepEqual(call(types, "httpErrorCode", new HttpIoError(code)), code);
  assert.equal(call(types, "httpErrorCode", new IoError("disk full")), undefined);
});

Deno.test("a server's endless body does not fill the memory of the host", async () => {
  let sent = 0;
  await using server = rawServer(async (connection) => {
    await connection.send("HTTP/1.1 200 OK\r\n\r\n");
    while (true) {
      await connection.send("x".repeat(65_536));
      sent += 65_536;
    }
  });
  const authority = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${authority}`]);
  using future = client.handle(requestOf({ authority }));
  using response = await responseOf(future);
  using body = response.consume();
  using stream = body.stream();
  // The server stops when the buffers of both sockets are full, and goes on when bytes are read.
  let before = -1;
  for (; before !== sent; await new Promise((resolve) => setTimeout(resolve, 100))) before = sent;
  assert(sent < 32_000_000, `${sent} bytes were taken`);
  for (let read = 0; read < before + 1_000_000;) {
    read += (await stream.blockingRead(65_536n)).length;
  }
  assert(sent > before);
});

Deno.test("fields of more than 128 KiB trap", () => {
  const fields = Fields.fromList([["x", new Uint8Array(131_067).fill(97)]]).clone();
  assert(thrown(() => fields.append("y", encode("1"))) instanceof WebAssembly.RuntimeError);
  fields.set("x", [encode("1")]);
  fields.append("y", encode("1"));
  assert.equal(fields.entries().length, 2);
});
