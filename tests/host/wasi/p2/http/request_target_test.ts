import assert from "node:assert/strict";
import { HttpFailure } from "../../../../../src/host/wasi/p2/http/http_failure.ts";
import type { Scheme } from "../../../../../src/host/wasi/p2/http/outgoing_request.ts";
import { requestTarget } from "../../../../../src/host/wasi/p2/http/request_target.ts";
import { thrown } from "../../../thrown.ts";

const HTTP: Scheme = { tag: "HTTP" };
const HTTPS: Scheme = { tag: "HTTPS" };

/** Scheme, authority; then host, port and the `host` header. */
const READ: readonly (readonly [Scheme | undefined, string, string, number, string])[] = [
  [HTTP, "example.com", "example.com", 80, "example.com"],
  [HTTPS, "example.com", "example.com", 443, "example.com"],
  [undefined, "example.com", "example.com", 443, "example.com"],
  [HTTP, "example.com:80", "example.com", 80, "example.com"],
  [HTTP, "example.com:443", "example.com", 443, "example.com:443"],
  [HTTPS, "EXAMPLE.com:8443", "example.com", 8443, "example.com:8443"],
  [HTTP, "example.com.", "example.com.", 80, "example.com."],
  [HTTP, "exämple.com", "xn--exmple-cua.com", 80, "xn--exmple-cua.com"],
  [HTTP, "ex%61mple.com", "example.com", 80, "example.com"],
  [HTTP, "2130706433", "127.0.0.1", 80, "127.0.0.1"],
  [HTTP, "0177.0.0.1", "127.0.0.1", 80, "127.0.0.1"],
  [HTTP, "0x7f.1", "127.0.0.1", 80, "127.0.0.1"],
  [HTTP, "[::1]:8080", "::1", 8080, "[::1]:8080"],
  [HTTP, "[::ffff:127.0.0.1]", "::ffff:7f00:1", 80, "[::ffff:7f00:1]"],
];

Deno.test("requestTarget() reads scheme and authority as the URL standard does", () => {
  for (const [scheme, given, host, port, authority] of READ) {
    const target = requestTarget({ scheme, authority: given, pathWithQuery: undefined });
    const expected = { scheme: scheme?.tag === "HTTP" ? "http" : "https", host, port, authority };
    assert.deepEqual(target, { ...expected, path: "/" }, given);
  }
});

const PATHS: readonly (readonly [string, string])[] = [
  ["", "/"],
  ["/", "/"],
  ["?a=b", "/?a=b"],
  ['/a/../b?c=%20&d=[]|"<>{}`', '/a/../b?c=%20&d=[]|"<>{}`'],
  ["//other.example/", "//other.example/"],
];

Deno.test("requestTarget() leaves the path and the query as they are", () => {
  for (const [pathWithQuery, path] of PATHS) {
    const target = requestTarget({ scheme: HTTP, authority: "example.com", pathWithQuery });
    assert.equal(target.path, path);
    assert.equal(target.host, "example.com");
  }
});

const REFUSED: readonly (readonly [Scheme, string, string, string])[] = [
  [{ tag: "other", val: "ftp" }, "example.com", "/", "HTTP-protocol-error"],
  [{ tag: "other", val: "file" }, "", "/etc/passwd", "HTTP-protocol-error"],
  ...[
    "user@example.com",
    "user:password@example.com",
    ":@example.com",
    "example.com/path",
    "example.com\\path",
    "example.com?query",
    "example.com#fragment",
    "example.com:0",
    "example.com:65536",
    "example.com:port",
    "exa mple.com",
    "[::1",
    "::1",
    "256.0.0.1",
    "",
    ":80",
  ].map((authority) => [HTTP, authority, "/", "HTTP-request-URI-invalid"] as const),
  ...["a", "http://other.example/", "*", "/a b", "/a\r\nx: y", "/ä", "/a#b", "\\"]
    .map((path) => [HTTP, "example.com", path, "HTTP-request-URI-invalid"] as const),
  [HTTP, "example.com", `/${"a".repeat(65_536)}`, "HTTP-request-URI-too-long"],
];

Deno.test("requestTarget() refuses what is no HTTP URL, or hides where it goes", () => {
  for (const [scheme, authority, pathWithQuery, tag] of REFUSED) {
    const error = thrown(() => requestTarget({ scheme, authority, pathWithQuery }));
    assert(error instanceof HttpFailure, `${authority} ${pathWithQuery.slice(0, 30)}`);
    assert.deepEqual(error.code, { tag }, `${authority} ${pathWithQuery.slice(0, 30)}`);
  }
});
