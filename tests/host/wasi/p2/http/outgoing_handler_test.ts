import assert from "node:assert/strict";
import { type Answer, Client, type Sent } from "./client.ts";
import { type RawConnection, rawServer } from "./raw_server.ts";

/** Starts a server that answers with what it was sent, as JSON. */
function echoServer(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { method, url, headers } = request;
    return Response.json({
      method,
      url: new URL(url).pathname + new URL(url).search,
      headers: Object.fromEntries(headers),
      body: await request.text(),
    });
  });
}

/** Sends one request to a server that says something. */
async function ask(
  talk: (connection: RawConnection) => Promise<void> | void,
  sent: Sent = {},
): Promise<Answer & { readonly request: string }> {
  await using server = rawServer(talk);
  const host = `127.0.0.1:${server.port}`;
  using client = new Client([`http://${host}`]);
  const answer = await client.send({ authority: host, ...sent });
  return { ...answer, request: server.received[0] ?? "" };
}

/** What a server says before it closes the connection. */
function says(text: string): (connection: RawConnection) => Promise<void> {
  return async (connection) => {
    await connection.send(text);
    connection.close();
  };
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

Deno.test("a request reaches the server as the guest made it, and the answer the guest", async () => {
  await using server = echoServer();
  const authority = `127.0.0.1:${server.addr.port}`;
  using client = new Client([`http://${authority}`]);
  const { status, headers, body, bodyError } = await client.send({
    authority,
    method: { tag: "put" },
    path: "/a?b=c",
    headers: { "X-One": "1", "content-type": "text/plain" },
    body: ["Hello, ", "world"],
  });
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(bodyError, undefined);
  assert.deepEqual(JSON.parse(body), {
    method: "PUT",
    url: "/a?b=c",
    headers: {
      "connection": "close",
      "content-type": "text/plain",
      "host": authority,
      "transfer-encoding": "chunked",
      "x-one": "1",
    },
    body: "Hello, world",
  });
});

/** Requests, and what is sent of them. */
const HEADS: readonly (readonly [name: string, sent: Sent, head: string, body: string])[] = [
  ["GET", {}, "GET / HTTP/1.1", ""],
  ["GET with an empty body", { body: [] }, "GET / HTTP/1.1", ""],
  [
    "GET with a body",
    { body: ["a"] },
    "GET / HTTP/1.1\r\ntransfer-encoding: chunked",
    "1\r\na\r\n0\r\n\r\n",
  ],
  ["HEAD", { method: { tag: "head" } }, "HEAD / HTTP/1.1", ""],
  ["POST", { method: { tag: "post" } }, "POST / HTTP/1.1\r\ncontent-length: 0", ""],
  [
    "POST with a length",
    { method: { tag: "post" }, headers: { "Content-Length": "3" }, body: ["ab", "c"] },
    "POST / HTTP/1.1\r\nContent-Length: 3",
    "abc",
  ],
  [
    "a trailer",
    { method: { tag: "post" }, body: ["abc"], trailers: { "x-sum": "7" } },
    "POST / HTTP/1.1\r\ntransfer-encoding: chunked",
    "3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n",
  ],
  [
    "a method of its own, in its own case",
    { method: { tag: "other", val: "PuRGE" }, path: "/x" },
    "PuRGE /x HTTP/1.1",
    "",
  ],
  [
    "fields in their order and case",
    { headers: { "X-B": "2", "x-a": "1", "User-Agent": "guest", "cookie": "a=b" } },
    "GET / HTTP/1.1\r\nX-B: 2\r\nx-a: 1\r\nUser-Agent: guest\r\ncookie: a=b",
    "",
  ],
];

for (const [name, sent, head, body] of HEADS) {
  Deno.test(`what is sent holds nothing that the guest did not say: ${name}`, async () => {
    const end = `connection: close\r\n\r\n${body}`;
    const { request, status } = await ask(async (connection) => {
      await connection.until(end);
      await says(sent.method?.tag === "head" ? OK.slice(0, -2) : OK)(connection);
    }, sent);
    assert.equal(status, 200);
    const withoutHost = request.replace(/\r\nhost: 127\.0\.0\.1:\d+/, "");
    assert.equal(withoutHost, `${head}\r\n${end}`);
  });
}

/** What a server answers, and what of it the guest sees. */
const ANSWERS: readonly (readonly [name: string, text: string, answer: Partial<Answer>])[] = [
  [
    "a redirection, which is the guest's to follow",
    "HTTP/1.1 302 Found\r\nlocation: http://denied.example/\r\ncontent-length: 2\r\n\r\nxy",
    {
      status: 302,
      headers: { location: "http://denied.example/", "content-length": "2" },
      body: "xy",
    },
  ],
  [
    "interim responses, which are passed over",
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}`,
    { status: 200, body: "ok" },
  ],
  ["no content", "HTTP/1.1 204 No Content\r\n\r\n", { status: 204, headers: {}, body: "" }],
  ["an odd status", "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n", { status: 999, body: "" }],
  [
    "a coded body, which stays coded",
    "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\xff\0",
    {
      headers: { "content-encoding": "gzip", "content-length": "4" },
      body: new TextDecoder("latin1").decode(Uint8Array.of(0x1f, 0x8b, 0xff, 0)),
    },
  ],
  [
    "a trailer",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 7\r\n\r\n",
    { body: "ok", headers: {}, trailers: { "x-sum": "7" } },
  ],
  [
    "cookies one by one, and fields of the connection not at all",
    "HTTP/1.1 200 OK\r\nset-cookie: a\r\nset-cookie: b\r\nconnection: close\r\n" +
    "keep-alive: 5\r\nproxy-authenticate: x\r\ncontent-length: 0\r\n\r\n",
    { headers: { "set-cookie": "a, b", "content-length": "0" } },
  ],
  [
    "a body that is cut short",
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
    { body: "abc", bodyError: { tag: "HTTP-response-incomplete" } },
  ],
  [
    "chunks that are cut short",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
    { body: "abc", bodyError: { tag: "HTTP-response-incomplete" } },
  ],
];

for (const [name, text, expected] of ANSWERS) {
  Deno.test(`the guest sees ${name}`, async () => {
    const answer = await ask(says(text));
    for (const [key, value] of Object.entries(expected)) {
      assert.deepEqual(answer[key as keyof Answer], value, key);
    }
  });
}

/** What a server does, and the error code that comes of it. */
const FAILURES: readonly (readonly [
  name: string,
  talk: (connection: RawConnection) => Promise<void> | void,
  code: unknown,
  sent?: Sent,
])[] = [
  ["closes the connection", (it) => it.close(), { tag: "connection-terminated" }],
  ["stops within the head", says("HTTP/1.1 200 OK\r\nx"), { tag: "HTTP-response-incomplete" }],
  ["speaks no HTTP", says("garbage\r\n\r\n"), { tag: "HTTP-protocol-error" }],
  [
    "upgrades unasked",
    says("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"),
    { tag: "HTTP-upgrade-failed" },
  ],
  [
    "sends a head without end",
    async (it) => {
      await it.send("HTTP/1.1 200 OK\r\n");
      while (true) await it.send(`x: ${"a".repeat(8_000)}\r\n`);
    },
    { tag: "HTTP-response-header-section-size", val: 131_072 },
  ],
  [
    "sends interim responses without end",
    async (it) => {
      while (true) await it.send(`HTTP/1.1 103 X\r\nx: ${"a".repeat(8_000)}\r\n\r\n`);
    },
    { tag: "HTTP-response-header-section-size", val: 131_072 },
  ],
  ["says nothing", () => {}, { tag: "connection-read-timeout" }, { timeouts: { firstByte: 50 } }],
  [
    "drips its head, byte by byte",
    async (it) => {
      for (const character of `HTTP/1.1 200 OK\r\nx: ${"a".repeat(10_000)}`) {
        await it.send(character);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    { tag: "connection-read-timeout" },
    { timeouts: { firstByte: 100 } },
  ],
];

for (const [name, talk, code, sent] of FAILURES) {
  Deno.test(`a request fails with the right error code when the server ${name}`, async () => {
    await assert.rejects(ask(talk, sent), (error) => {
      assert.deepEqual(error, code);
      return true;
    });
  });
}

Deno.test("a body that pauses for too long breaks off, one that only drips does not", async () => {
  const talk = async (connection: RawConnection) => {
    await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
    for (const character of "abc") {
      await connection.send(character);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  const answer = await ask(talk, { timeouts: { firstByte: 1_000, betweenBytes: 100 } });
  assert.equal(answer.body, "abc");
  assert.deepEqual(answer.bodyError, { tag: "connection-read-timeout" });
});
