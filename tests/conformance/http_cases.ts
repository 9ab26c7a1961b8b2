import assert from "node:assert/strict";
import { block, request } from "../adversarial/actions.ts";
import type { ConformanceCase } from "./conformance_case.ts";

const TYPES = "wasi:http/types";
const FIELDS = `${TYPES}#[method]fields`;
const REQUEST = `${TYPES}#[method]outgoing-request`;
const RESPONSE = `${TYPES}#[method]incoming-response`;
const FUTURE = `${TYPES}#[method]future-incoming-response`;
const OPTIONS = `${TYPES}#[method]request-options`;
const OUTPUT = "wasi:io/streams#[method]output-stream";
const INPUT = "wasi:io/streams#[method]input-stream";
const SECOND = 1_000_000_000n;

/** Cases of `wasi:http`. */
export const httpCases: readonly ConformanceCase[] = [
  {
    name: "headers are set, asked for, appended to and deleted",
    async run({ guest }) {
      const fields = await guest.call(`${TYPES}#[constructor]fields`);
      await guest.ok(`${FIELDS}.set`, fields, "x-a", [bytes("1")]);
      await guest.ok(`${FIELDS}.append`, fields, "X-A", bytes("2"));
      assert.deepEqual(await guest.call(`${FIELDS}.get`, fields, "x-a"), [bytes("1"), bytes("2")]);
      assert.equal(await guest.call(`${FIELDS}.has`, fields, "x-A"), true);
      const copy = await guest.call(`${FIELDS}.clone`, fields);
      await guest.ok(`${FIELDS}.delete`, fields, "x-a");
      assert.equal(await guest.call(`${FIELDS}.has`, fields, "x-a"), false);
      const entries = await guest.call(`${FIELDS}.entries`, copy);
      assert.deepEqual((entries as [string, Uint8Array][]).map(([, value]) => value), [
        bytes("1"),
        bytes("2"),
      ]);
      const bad = await guest.call(`${TYPES}#[static]fields.from-list`, [["a b", bytes("1")]]);
      assert.deepEqual(bad, { tag: "err", val: { tag: "invalid-syntax" } });
    },
  },
  {
    name: "a request has what was set on it, and refuses what is malformed",
    async run({ guest }) {
      const fields = await guest.call(`${TYPES}#[constructor]fields`);
      const one = await guest.call(`${TYPES}#[constructor]outgoing-request`, fields);
      await guest.ok(`${REQUEST}.set-method`, one, { tag: "post" });
      await guest.ok(`${REQUEST}.set-scheme`, one, { tag: "HTTP" });
      await guest.ok(`${REQUEST}.set-authority`, one, "example.com:80");
      await guest.ok(`${REQUEST}.set-path-with-query`, one, "/a?b=c");
      assert.deepEqual(await guest.call(`${REQUEST}.method`, one), { tag: "post" });
      assert.deepEqual(await guest.call(`${REQUEST}.scheme`, one), { tag: "HTTP" });
      assert.equal(await guest.call(`${REQUEST}.authority`, one), "example.com:80");
      assert.equal(await guest.call(`${REQUEST}.path-with-query`, one), "/a?b=c");
      const { tag } = await guest.call(`${REQUEST}.set-authority`, one, "a b") as { tag: string };
      assert.equal(tag, "err");
      const headers = await guest.call(`${REQUEST}.headers`, one);
      assert.deepEqual(await guest.call(`${FIELDS}.set`, headers, "x-a", [bytes("1")]), {
        tag: "err",
        val: { tag: "immutable" },
      });
    },
  },
  {
    name: "time limits of a request are set and read",
    async run({ guest }) {
      const options = await guest.call(`${TYPES}#[constructor]request-options`);
      for (const name of ["connect", "first-byte", "between-bytes"]) {
        await guest.ok(`${OPTIONS}.set-${name}-timeout`, options, SECOND);
        assert.equal(await guest.call(`${OPTIONS}.${name}-timeout`, options), SECOND);
      }
    },
  },
  {
    name: "a request with a body is answered with headers, a body and the end of it",
    async run({ guest, around }) {
      const entries = [["x-sent", bytes("value")]];
      const fields = await guest.ok(`${TYPES}#[static]fields.from-list`, entries);
      const one = await guest.call(`${TYPES}#[constructor]outgoing-request`, fields);
      await guest.ok(`${REQUEST}.set-method`, one, { tag: "post" });
      await guest.ok(`${REQUEST}.set-scheme`, one, { tag: "HTTP" });
      await guest.ok(`${REQUEST}.set-authority`, one, `127.0.0.1:${around.httpPort}`);
      await guest.ok(`${REQUEST}.set-path-with-query`, one, "/echo");
      const body = await guest.ok(`${REQUEST}.body`, one);
      const future = await guest.ok("wasi:http/outgoing-handler#handle", one, undefined);
      const output = await guest.ok(`${TYPES}#[method]outgoing-body.write`, body);
      await guest.ok(`${OUTPUT}.blocking-write-and-flush`, output, bytes("sent"));
      await guest.call("wasi:io/streams#[resource-drop]output-stream", output);
      await guest.ok(`${TYPES}#[static]outgoing-body.finish`, body, undefined);
      await block(guest, await guest.call(`${FUTURE}.subscribe`, future));
      const outcome = await guest.call(`${FUTURE}.get`, future) as {
        val: { tag: string; val: number };
      };
      assert.equal(outcome.val.tag, "ok");
      const response = outcome.val.val;
      assert.equal(await guest.call(`${RESPONSE}.status`, response), 201);
      const headers = await guest.call(`${RESPONSE}.headers`, response);
      assert.deepEqual(await guest.call(`${FIELDS}.get`, headers, "x-answer"), [bytes("yes")]);
      const incoming = await guest.ok(`${RESPONSE}.consume`, response);
      const stream = await guest.ok(`${TYPES}#[method]incoming-body.stream`, incoming);
      let text = "";
      for (;;) {
        const { tag, val } = await guest.call(`${INPUT}.blocking-read`, stream, 100n) as {
          tag: string;
          val: Uint8Array;
        };
        if (tag !== "ok") break;
        text += new TextDecoder().decode(val);
      }
      assert.equal(text, "POST value sent");
      await guest.call("wasi:io/streams#[resource-drop]input-stream", stream);
      const trailers = await guest.call(`${TYPES}#[static]incoming-body.finish`, incoming);
      const type = `${TYPES}#[method]future-trailers`;
      await block(guest, await guest.call(`${type}.subscribe`, trailers));
      const end = await guest.call(`${type}.get`, trailers) as { tag: string; val: unknown };
      assert.deepEqual(end, { tag: "ok", val: { tag: "ok", val: undefined } });
    },
  },
  {
    name: "a request to a host that no grant covers is denied",
    async run({ guest }) {
      const denied = request(guest, { authority: "denied.example" });
      await assert.rejects(denied, (error) => {
        const { value } = error as { value?: { tag?: string } };
        assert.equal(value?.tag, "HTTP-request-denied");
        return true;
      });
    },
  },
  {
    name: "a response that goes out is made",
    async run({ guest }) {
      const type = `${TYPES}#[method]outgoing-response`;
      const fields = await guest.call(`${TYPES}#[constructor]fields`);
      const response = await guest.call(`${TYPES}#[constructor]outgoing-response`, fields);
      assert.equal(await guest.call(`${type}.status-code`, response), 200);
      await guest.ok(`${type}.set-status-code`, response, 404);
      assert.equal(await guest.call(`${type}.status-code`, response), 404);
      await guest.call(`${type}.headers`, response);
      await guest.ok(`${type}.body`, response);
      const { tag } = await guest.call(`${type}.body`, response) as { tag: string };
      assert.equal(tag, "err");
    },
  },
];

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
