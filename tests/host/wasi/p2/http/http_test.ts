import assert from "node:assert/strict";
import { Fields } from "../../../../../src/host/wasi/p2/http/fields.ts";
import { OutgoingBody } from "../../../../../src/host/wasi/p2/http/outgoing_body.ts";
import { OutgoingRequest } from "../../../../../src/host/wasi/p2/http/outgoing_request.ts";
import { OutgoingResponse } from "../../../../../src/host/wasi/p2/http/outgoing_response.ts";
import { RequestOptions } from "../../../../../src/host/wasi/p2/http/request_options.ts";
import { thrown } from "../../../thrown.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();

Deno.test("Fields keeps order and case and compares names without case", () => {
  const fields = Fields.fromList([
    ["Accept", encode("a")],
    ["X-One", encode("1")],
    ["accept", encode("b")],
  ]);
  assert.deepEqual(fields.get("ACCEPT"), [encode("a"), encode("b")]);
  assert(fields.has("x-one"));
  assert(!fields.has("x-two"));
  assert.deepEqual(fields.get("not a name"), []);
  fields.set("accept", [encode("c")]);
  fields.append("X-One", new Uint8Array());
  assert.deepEqual(fields.entries(), [
    ["X-One", encode("1")],
    ["accept", encode("c")],
    ["X-One", new Uint8Array()],
  ]);
  fields.delete("x-ONE");
  fields.delete("never-there");
  assert.deepEqual(fields.entries(), [["accept", encode("c")]]);
});

const BAD_FIELDS: readonly (readonly [string, Uint8Array, string])[] = [
  ["", encode("x"), "invalid-syntax"],
  ["a b", encode("x"), "invalid-syntax"],
  ["a:b", encode("x"), "invalid-syntax"],
  ["a\r\nb", encode("x"), "invalid-syntax"],
  ["ä", encode("x"), "invalid-syntax"],
  ["a", encode("x\r\ny: z"), "invalid-syntax"],
  ["a", encode("x\ny"), "invalid-syntax"],
  ["a", Uint8Array.of(0), "invalid-syntax"],
  ["a", Uint8Array.of(0x1f), "invalid-syntax"],
  ["a", Uint8Array.of(0x7f), "invalid-syntax"],
  ["Host", encode("x"), "forbidden"],
  ["connection", encode("x"), "forbidden"],
  ["Transfer-Encoding", encode("x"), "forbidden"],
];

Deno.test("Fields refuses names and values that cannot be", () => {
  for (const [name, value, tag] of BAD_FIELDS) {
    const fields = new Fields();
    assert.deepEqual(thrown(() => fields.append(name, value)), { tag }, name);
    assert.deepEqual(thrown(() => fields.set(name, [value])), { tag }, name);
    assert.deepEqual(
      thrown(() => Fields.fromList([[name, value]])),
      { tag },
      name,
    );
    assert.deepEqual(fields.entries(), []);
  }
});

Deno.test("Fields of a message cannot be changed, but their clone can", () => {
  const fields = Fields.fromList([["a", encode("1")]]);
  const request = new OutgoingRequest(fields, signal);
  for (
    const change of [
      () => request.headers().append("b", encode("2")),
      () => request.headers().set("a", []),
      () => request.headers().delete("a"),
    ]
  ) {
    assert.deepEqual(thrown(change), { tag: "immutable" });
  }
  const copy = request.headers().clone();
  copy.delete("a");
  assert.deepEqual(copy.entries(), []);
  assert.deepEqual(fields.entries(), [["a", encode("1")]]);
});

Deno.test("OutgoingRequest keeps what is set", () => {
  const request = new OutgoingRequest(new Fields(), signal);
  assert.deepEqual(request.method(), { tag: "get" });
  assert.equal(request.pathWithQuery(), undefined);
  assert.equal(request.scheme(), undefined);
  assert.equal(request.authority(), undefined);
  request.setMethod({ tag: "other", val: "PURGE" });
  request.setPathWithQuery("/a?b=c");
  request.setScheme({ tag: "other", val: "git+ssh" });
  request.setAuthority("example.com:8080");
  assert.deepEqual(request.method(), { tag: "other", val: "PURGE" });
  assert.equal(request.pathWithQuery(), "/a?b=c");
  assert.deepEqual(request.scheme(), { tag: "other", val: "git+ssh" });
  assert.equal(request.authority(), "example.com:8080");
  request.setAuthority(undefined);
  assert.equal(request.authority(), undefined);
});

const BAD_SETTERS: Readonly<Record<string, (request: OutgoingRequest) => void>> = {
  "setMethod with a space": (request) => request.setMethod({ tag: "other", val: "GET /" }),
  "setMethod without text": (request) => request.setMethod({ tag: "other", val: "" }),
  "setPathWithQuery with a line break": (request) => request.setPathWithQuery("/a\r\nb"),
  "setScheme with a colon": (request) => request.setScheme({ tag: "other", val: "http:" }),
  "setAuthority with a space": (request) => request.setAuthority("a b"),
};

for (const [name, set] of Object.entries(BAD_SETTERS)) {
  Deno.test(`OutgoingRequest refuses ${name}`, () => {
    const request = new OutgoingRequest(new Fields(), signal);
    assert.equal(thrown(() => set(request)), undefined);
  });
}

Deno.test("body() and write() answer once", () => {
  for (const Message of [OutgoingRequest, OutgoingResponse]) {
    const message = new Message(new Fields(), signal);
    const body = message.body();
    assert(body instanceof OutgoingBody);
    assert.equal(thrown(() => message.body()), undefined);
    const stream = body.write();
    assert.equal(thrown(() => body.write()), undefined);
    stream[Symbol.dispose]();
    assert.equal(OutgoingBody.finish(body, undefined), undefined);
  }
});

Deno.test("Fields.received() leaves out the fields of the connection", () => {
  const received = Fields.received([
    ["Connection", encode("close")],
    ["X", encode("1")],
    ["transfer-encoding", encode("chunked")],
  ]);
  assert.deepEqual(received.entries(), [["X", encode("1")]]);
  assert.deepEqual(thrown(() => received.delete("X")), { tag: "immutable" });
});

Deno.test("OutgoingResponse keeps a valid status code", () => {
  const response = new OutgoingResponse(new Fields(), signal);
  assert.equal(response.statusCode(), 200);
  response.setStatusCode(404);
  for (const invalid of [0, 99, 1000, 65_535]) {
    assert.equal(thrown(() => response.setStatusCode(invalid)), undefined);
  }
  assert.equal(response.statusCode(), 404);
});

Deno.test("RequestOptions keeps its three times apart", () => {
  const options = new RequestOptions();
  assert.equal(options.connectTimeout(), undefined);
  options.setConnectTimeout(1n);
  options.setFirstByteTimeout(2n);
  options.setBetweenBytesTimeout(3n);
  assert.deepEqual(
    [
      options.connectTimeout(),
      options.firstByteTimeout(),
      options.betweenBytesTimeout(),
    ],
    [1n, 2n, 3n],
  );
});
