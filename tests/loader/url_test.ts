import assert from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";
import { LoadError } from "../../src/errors.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import { createLoader, type LoaderOptions } from "../../src/loader/loader.ts";
import { capturedLogs } from "./captured_logs.ts";
import { componentWith } from "./sample_components.ts";
import { tempDirectory } from "./temp_directory.ts";

const BYTES = componentWith("fetched");
const DIGEST = await sha256Digest(BYTES);

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly string[];
}

function serve(handler: (request: Request) => Response): Server {
  const requests: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      requests.push(new URL(request.url).pathname);
      return handler(request);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

interface LoadOptions extends LoaderOptions {
  readonly digest?: string;
  readonly signal?: AbortSignal;
}

async function load(url: string, options: LoadOptions) {
  const { digest = DIGEST, signal, ...loaderOptions } = options;
  return await createLoader(loaderOptions).load({
    componentId: "hello",
    source: { kind: "url", url, digest },
    baseDir: "/nowhere",
    ...(signal === undefined ? {} : { signal }),
  });
}

async function failureOf(
  url: string,
  options: LoadOptions,
): Promise<LoadError> {
  try {
    await load(url, options);
  } catch (error) {
    assert.ok(error instanceof LoadError, String(error));
    return error;
  }
  assert.fail("Nothing was thrown");
}

Deno.test("loadUrl() fetches once and then reads its store", async () => {
  await using cache = await tempDirectory();
  const options = { cacheDir: cache.path };
  {
    await using server = serve(() => new Response(BYTES));
    const source = await load(`${server.url}/a.wasm`, options);
    assert.deepEqual(source, { bytes: BYTES, digest: DIGEST });
    await load(`${server.url}/b.wasm`, options);
    assert.deepEqual(server.requests, ["/a.wasm"]);
  }
  const path = join(cache.path, "wasm", `${DIGEST.replace(":", "-")}.wasm`);
  assert.deepEqual(await Deno.readFile(path), BYTES);
});

Deno.test("loadUrl() fetches again when the stored entry is corrupt", async () => {
  await using cache = await tempDirectory();
  await using _logs = await capturedLogs();
  await using server = serve(() => new Response(BYTES));
  const path = await cache.write(
    join("wasm", `${DIGEST.replace(":", "-")}.wasm`),
    BYTES.subarray(1),
  );
  const source = await load(server.url, { cacheDir: cache.path });
  assert.deepEqual(source.bytes, BYTES);
  assert.deepEqual(await Deno.readFile(path), BYTES);
});

Deno.test("loadUrl() gives every caller the bytes when many load at once", async () => {
  await using cache = await tempDirectory();
  await using server = serve(() => new Response(BYTES));
  const sources = await Promise.all(
    Array.from(
      { length: 16 },
      () => load(server.url, { cacheDir: cache.path }),
    ),
  );
  assert.deepEqual(sources.map(({ digest }) => digest), Array(16).fill(DIGEST));
  const entries = await Array.fromAsync(
    Deno.readDir(join(cache.path, "wasm")),
  );
  assert.equal(entries.length, 1);
});

Deno.test("loadUrl() goes uncached when the cache directory cannot be used", async () => {
  await using cache = await tempDirectory();
  await using logs = await capturedLogs();
  await using server = serve(() => new Response(BYTES));
  const cacheDir = await cache.write("file", "");
  assert.deepEqual((await load(server.url, { cacheDir })).bytes, BYTES);
  assert.ok(logs.records.some((record) => record.level === "warning"));
});

Deno.test("loadUrl() accepts a digest in upper case", async () => {
  await using cache = await tempDirectory();
  await using server = serve(() => new Response(BYTES));
  const digest = `sha256:${DIGEST.slice(7).toUpperCase()}`;
  const source = await load(server.url, { cacheDir: cache.path, digest });
  assert.equal(source.digest, DIGEST);
});

Deno.test("loadUrl() follows redirects", async () => {
  await using cache = await tempDirectory();
  await using server = serve((request) =>
    request.url.endsWith("/old")
      ? new Response(null, { status: 302, headers: { location: "/new" } })
      : new Response(BYTES)
  );
  const source = await load(`${server.url}/old`, { cacheDir: cache.path });
  assert.deepEqual(source.bytes, BYTES);
  assert.deepEqual(server.requests, ["/old", "/new"]);
});

Deno.test("loadUrl() throws ERR_DIGEST_MISMATCH with both digests, and keeps nothing", async () => {
  await using cache = await tempDirectory();
  const other = componentWith("swapped");
  await using server = serve(() => new Response(other));
  const error = await failureOf(server.url, { cacheDir: cache.path });
  assert.equal(error.code, "ERR_DIGEST_MISMATCH");
  assert.ok(error.message.includes(DIGEST));
  assert.ok(error.message.includes(await sha256Digest(other)));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(cache.path)), []);
});

Deno.test("loadUrl() throws ERR_NOT_WASM when the digest fits something else", async () => {
  await using cache = await tempDirectory();
  const text = new TextEncoder().encode("no Wasm");
  await using server = serve(() => new Response(text));
  const error = await failureOf(server.url, {
    cacheDir: cache.path,
    digest: await sha256Digest(text),
  });
  assert.equal(error.code, "ERR_NOT_WASM");
});

Deno.test("loadUrl() throws ERR_FETCH with status and address when the server refuses", async () => {
  await using cache = await tempDirectory();
  await using server = serve(() => new Response("no", { status: 404, statusText: "Not Found" }));
  const error = await failureOf(`${server.url}/a.wasm?v=1`, {
    cacheDir: cache.path,
  });
  assert.equal(error.code, "ERR_FETCH");
  assert.match(error.message, /404/);
  assert.ok(error.message.includes(`${server.url}/a.wasm?v=1`), error.message);
});

Deno.test("loadUrl() throws ERR_FETCH without the password when nobody listens", async () => {
  await using cache = await tempDirectory();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error = await failureOf(`http://ada:hidden@127.0.0.1:${port}/a`, {
    cacheDir: cache.path,
  });
  assert.equal(error.code, "ERR_FETCH");
  assert.ok(error.cause instanceof TypeError);
  assert.doesNotMatch(Deno.inspect(error), /hidden/);
});

Deno.test("loadUrl() throws ERR_FETCH when the body ends too early", async () => {
  await using cache = await tempDirectory();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4_096));
    await connection.write(
      new TextEncoder().encode(
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n\0asm",
      ),
    );
  })();
  try {
    const error = await failureOf(`http://127.0.0.1:${listener.addr.port}/`, {
      cacheDir: cache.path,
    });
    assert.equal(error.code, "ERR_FETCH");
  } finally {
    await answered;
    listener.close();
  }
});

Deno.test("loadUrl() throws ERR_SOURCE_TOO_LARGE when the body passes the limit", async () => {
  await using cache = await tempDirectory();
  await using server = serve(() => new Response(BYTES));
  const { length } = BYTES;
  const options = { cacheDir: cache.path };
  const error = await failureOf(server.url, {
    ...options,
    maxBytes: length - 1,
  });
  assert.equal(error.code, "ERR_SOURCE_TOO_LARGE");
  const source = await load(server.url, { ...options, maxBytes: length });
  assert.equal(source.bytes.length, length);
});

/** A clock whose timers fire when told to. */
function manualClock(): { readonly clock: Clock; readonly fire: () => void } {
  const callbacks = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
  return { clock, fire: () => callbacks.forEach((callback) => callback()) };
}

/** Accepts one connection, sends a text, and then stays silent until the client goes. */
function hangingServer(text: string) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const silent = Promise.withResolvers<void>();
  const done = (async () => {
    using connection = await listener.accept();
    const buffer = new Uint8Array(4_096);
    await connection.read(buffer);
    await connection.write(new TextEncoder().encode(text));
    silent.resolve();
    await connection.read(buffer).catch(() => null);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/`,
    silent: silent.promise,
    async [Symbol.asyncDispose]() {
      await done;
      listener.close();
    },
  };
}

for (
  const [name, text] of [
    ["before its answer", ""],
    ["within its body", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n\0asm"],
  ] as const
) {
  Deno.test(`loadUrl() throws ERR_FETCH when the server falls silent ${name}`, async () => {
    await using cache = await tempDirectory();
    await using server = hangingServer(text);
    const { clock, fire } = manualClock();
    const failure = failureOf(server.url, { cacheDir: cache.path, clock });
    await server.silent;
    fire();
    const error = await failure;
    assert.equal(error.code, "ERR_FETCH");
    assert.match(error.message, /sent nothing for 30 s/);
  });

  Deno.test(`loadUrl() rejects with the signal's reason when aborted ${name}`, async () => {
    await using cache = await tempDirectory();
    await using server = hangingServer(text);
    const controller = new AbortController();
    const reason = new Error("Stopped");
    const loading = load(server.url, {
      cacheDir: cache.path,
      signal: controller.signal,
    });
    const rejected = assert.rejects(loading, reason);
    await server.silent;
    controller.abort(reason);
    await rejected;
  });
}

const REFUSED = [
  ["ftp://host/a.wasm", DIGEST, "ERR_SOURCE_URL"],
  ["file:///a.wasm", DIGEST, "ERR_SOURCE_URL"],
  ["a.wasm", DIGEST, "ERR_SOURCE_URL"],
  ["http://127.0.0.1:1/", "sha256:abc", "ERR_INVALID_DIGEST"],
  ["http://127.0.0.1:1/", "../../etc/passwd", "ERR_INVALID_DIGEST"],
] as const;

for (const [url, digest, code] of REFUSED) {
  Deno.test(`loadUrl() throws ${code} when asked for ${url} with ${digest.slice(0, 12)}`, async () => {
    const error = await failureOf(url, { cacheDir: "/nowhere", digest });
    assert.equal(error.code, code);
  });
}
