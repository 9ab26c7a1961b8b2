import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  decodeFromWorker,
  decodeToWorker,
  encode,
  type FromWorker,
  PROTOCOL_VERSION,
  type ToWorker,
} from "../../src/isolation/protocol.ts";

type Message = ToWorker | FromWorker;

/** Sends a message as `postMessage` would: transferred buffers are gone here, and arrive there. */
function overTheWire(message: Message): unknown {
  const { wire, transfer } = encode(message);
  return structuredClone(wire, { transfer });
}

function fromWorker(message: FromWorker): FromWorker {
  return decodeFromWorker(overTheWire(message));
}

function toWorker(message: ToWorker): ToWorker {
  return decodeToWorker(overTheWire(message));
}

/** The value that arrives when a guest returns one. */
function returned(value: unknown): unknown {
  const message = fromWorker({ type: "returned", call: 1, value });
  assert.equal(message.type, "returned");
  return message.value;
}

const START: ToWorker = {
  type: "start",
  version: PROTOCOL_VERSION,
  source: 'export const x = "\u2028 \0 ä \u{1f600}";',
  modules: [["component.core.wasm", Uint8Array.of(0, 97, 115, 109)], ["2", new Uint8Array(0)]],
  imports: ["wasi:io/poll", "wasi:cli/environment"],
  grant: {
    environment: { HOME: "/", EMPTY: "", "ä b": "\n" },
    arguments: ["a", ""],
    mounts: [{ hostPath: "/tmp/x", guestPath: "/", writable: false }],
    allowedHosts: ["https://example.com"],
    allowedInbound: ["tcp://127.0.0.1:7000"],
    memory: 65_536,
  },
  stdio: false,
  window: new SharedArrayBuffer(8),
  control: new SharedArrayBuffer(16),
};

const TO_WORKER: readonly ToWorker[] = [
  START,
  { type: "instantiate", call: 1, instance: 2 },
  { type: "call", call: 3, export: "handle-timer-request", args: ["now"] },
  { type: "call", call: 4, instance: 2, export: "run", args: [] },
  { type: "call", call: 5, export: "run", args: [undefined, null, [undefined], 1n] },
  {
    type: "call",
    call: 6,
    export: "run",
    args: [],
    environment: { GYRE_ATTEMPT: "1", EMPTY: "", "ä": "\n" },
    simulation: { wall: 1_774_656_000_000, monotonic: 0.001, seed: "gyre/report/1" },
    timeout: 30_000,
  },
  { type: "cancel", call: 3 },
  { type: "dispose", instance: 2 },
];

for (const message of TO_WORKER) {
  Deno.test(`decodeToWorker() gives back ${JSON.stringify(message, noBigInt).slice(0, 70)}`, () => {
    const expected = structuredClone(message); // before its buffers are transferred
    assert.deepEqual(toWorker(message), expected);
  });
}

const FROM_WORKER: readonly FromWorker[] = [
  { type: "ready" },
  { type: "refused", message: "SyntaxError: no" },
  { type: "returned", call: 1, value: "text" },
  { type: "failed", call: 2, failure: { kind: "trap", message: "unreachable", stack: ["f", "g"] } },
  {
    type: "failed",
    call: 2,
    failure: { kind: "guest-error", message: "", exitCode: 3, stack: [] },
  },
  { type: "output", stream: "stderr", line: "a\u{1f600}\ud800\0" },
  { type: "output", call: 7, stream: "stdout", line: "" },
  {
    type: "returned",
    call: 8,
    value: 1n,
    usage: { fuel: 2 ** 40, cpu: 0.25, output: 50 },
    elapsed: 1_000.003,
  },
  {
    type: "failed",
    call: 9,
    failure: { kind: "timeout", message: "", stack: [] },
    usage: { fuel: 0, cpu: 0, output: 0 },
    elapsed: 0,
  },
];

for (const message of FROM_WORKER) {
  Deno.test(`decodeFromWorker() gives back ${JSON.stringify(message, noBigInt).slice(0, 70)}`, () => {
    assert.deepEqual(fromWorker(message), message);
  });
}

const bytes = Uint8Array.of(1, 2, 3);
/** Values as jco maps WIT types to JavaScript. */
const VALUES: Readonly<Record<string, unknown>> = {
  "nothing": undefined,
  "false": false,
  "an empty string": "",
  "text that looks like a marker": '{"$bigint":"1"} "$undefined" {"$bytes":0}',
  "zero": 0,
  "a u64": 2n ** 64n - 1n,
  "an s64": -(2n ** 63n),
  "a list<u8>": bytes,
  "an empty list<u8>": new Uint8Array(0),
  "lists of lists": [[], [bytes.slice(), [new Uint8Array(0), 1n]], [undefined, [undefined]]],
  "options in a list": [undefined, 1, undefined],
  "a tuple": ["a", 1n, true, undefined],
  "a record": { left: 1, right: { bytes: bytes.slice(), big: 5n } },
  "a variant": { tag: "other", val: { tag: "none", val: undefined } },
  "flags": { read: true, write: false },
};

for (const [what, value] of Object.entries(VALUES)) {
  Deno.test(`a value crosses as it is when it is ${what}`, () => {
    const expected = structuredClone(value);
    const result = returned(value);
    // A property that is undefined may be absent: both read the same.
    assert.deepEqual(defined(result), defined(expected));
  });
}

const TYPED_ARRAYS: readonly ArrayBufferView[] = [
  Int8Array.of(-1, 2),
  Uint16Array.of(1, 65_535),
  Int16Array.of(-1, 2),
  Uint32Array.of(1, 2 ** 32 - 1),
  Int32Array.of(-1, 2),
  BigUint64Array.of(1n, 2n ** 64n - 1n),
  BigInt64Array.of(-1n, 2n),
  Float32Array.of(0.5, -1),
  Float64Array.of(0.1, -1),
];

for (const list of TYPED_ARRAYS) {
  Deno.test(`a value crosses as it is when it is a ${list.constructor.name}`, () => {
    const expected = structuredClone(list);
    assert.deepEqual(returned([list]), [expected]);
  });
}

for (const number of [NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE, 0.1]) {
  Deno.test(`a value crosses as it is when it is the f64 ${Object.is(number, -0) ? "-0" : number}`, () => {
    assert.deepEqual(returned(number), number);
    assert.deepEqual(returned([number]), [number]);
  });
}

Deno.test("bytes cross as a plain Uint8Array of their own when they are a view", () => {
  const whole = Uint8Array.of(0, 1, 2, 3, 4, 5);
  const result = returned([whole.subarray(1, 3), whole.subarray(2, 2), whole.subarray(4)]);
  assert.deepEqual(result, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(4, 5)]);
  assert.deepEqual([...whole], [0, 1, 2, 3, 4, 5]);
});

Deno.test("bytes cross when the caller holds them in a Buffer", () => {
  const message = toWorker({ type: "call", call: 1, export: "f", args: [Buffer.from("abc")] });
  assert.deepEqual(message.type === "call" && message.args, [Uint8Array.of(97, 98, 99)]);
});

Deno.test("bytes cross twice when they are given twice", () => {
  const twice = Uint8Array.of(1, 2);
  const message = toWorker({ type: "call", call: 1, export: "f", args: [twice, twice] });
  assert.deepEqual(message.type === "call" && message.args, [
    Uint8Array.of(1, 2),
    Uint8Array.of(1, 2),
  ]);
});

for (const name of ["$bigint", "$bytes", "$undefined", "__proto__", "constructor", "toJSON"]) {
  Deno.test(`an environment crosses as it is when it has a variable ${name}`, () => {
    const environment = Object.fromEntries([["A", "1"], [name, "12"], ["B", "2"]]);
    const message = toWorker({ ...START, modules: [], grant: { ...START.grant, environment } });
    assert.equal(message.type, "start");
    assert.deepEqual(
      Object.entries(message.grant.environment),
      [["A", "1"], [name, "12"], ["B", "2"]],
    );
  });
}

const MALFORMED: Readonly<Record<string, unknown>> = {
  "nothing": undefined,
  "null": null,
  "a string": '{"type":"ready"}',
  "an object": { type: "ready" },
  "an empty array": [],
  "no text": [new ArrayBuffer(1)],
  "text that is no JSON": ["{"],
  "the JSON null": ["null"],
  "a JSON number": ["1"],
  "a JSON array": ["[]"],
  "no type": ["{}"],
  "a type that is no string": ['{"type":1}'],
  "an unknown type": ['{"type":"reboot"}'],
  "a bigint that is none": ['{"type":"returned","call":1,"value":{"$bigint":"x"}}'],
  "bytes that did not come": ['{"type":"returned","call":1,"value":{"$bytes":0}}'],
  "bytes that are no buffer": ['{"type":"returned","call":1,"value":{"$bytes":0}}', "no"],
};

for (const [what, data] of Object.entries(MALFORMED)) {
  Deno.test(`decodeFromWorker() and decodeToWorker() throw a TypeError when given ${what}`, () => {
    assert.throws(() => decodeFromWorker(data), TypeError);
    assert.throws(() => decodeToWorker(data), TypeError);
  });
}

const INCOMPLETE: readonly string[] = [
  '{"type":"refused"}',
  '{"type":"returned","value":1}',
  '{"type":"returned","call":"1"}',
  '{"type":"failed","call":1}',
  '{"type":"failed","call":1,"failure":{"kind":"trap"}}',
  '{"type":"failed","call":1,"failure":{"kind":"ok","message":"","stack":[]}}',
  '{"type":"output","stream":"stdout"}',
  '{"type":"output","stream":"stdin","line":""}',
];

for (
  const [what, given] of [
    ["an environment that is no text", '"environment":{"A":1}'],
    ["a simulation without a time", '"simulation":{"wall":null,"monotonic":0,"seed":""}'],
    ["a simulation without a seed", '"simulation":{"wall":0,"monotonic":0}'],
  ] as const
) {
  Deno.test(`decodeToWorker() throws a TypeError when given ${what}`, () => {
    const text = (more: string) => `{"type":"call","call":1,"export":"x","args":[]${more}}`;
    assert.throws(() => decodeToWorker([text(`,${given}`)]), TypeError);
    assert.doesNotThrow(() => decodeToWorker([text("")]));
  });
}

for (const text of INCOMPLETE) {
  Deno.test(`decodeFromWorker() throws a TypeError when given ${text}`, () => {
    assert.throws(() => decodeFromWorker([text]), TypeError);
  });
}

Deno.test("neither side takes what is meant for the other", () => {
  for (const message of TO_WORKER) {
    assert.throws(() => decodeFromWorker([JSON.stringify(message, noBigInt)]), TypeError);
  }
  for (const message of FROM_WORKER) {
    assert.throws(() => decodeToWorker([JSON.stringify(message, noBigInt)]), TypeError);
  }
});

function noBigInt(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Drops the properties of objects, not the elements of lists, that are undefined. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, defined(item)]),
  );
}
