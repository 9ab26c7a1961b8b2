// Requests of a real guest in its locked worker: StarlingMonkey's fetch() on top of wasi:http.

import assert from "node:assert/strict";
import { startWorker } from "../../../../../src/isolation/worker.ts";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import type { Denial } from "../../../../../src/policy/denial.ts";
import { denoPermissions } from "../../../../../src/policy/deno_permissions.ts";
import { compiledGuest } from "../../../../compile/compiled_guest.ts";
import { executorSpec, HANDLE, NO_GRANT } from "../../../../isolation/executor_spec.ts";

/** What the guest is told to fetch, what it answers, and how often it is then denied. */
interface Fetched {
  readonly path?: string;
  readonly url?: string;
  readonly method?: string;
  readonly body?: string;
  readonly answer: RegExp;
  readonly denials?: number;
}

const LARGE = "x".repeat(300_000);
const FETCHED: readonly Fetched[] = [
  { path: "/", answer: /^\{"status":200,"body":"GET \/ "\}$/ },
  {
    path: "/a?b=c",
    method: "POST",
    body: "Hello",
    answer: /^\{"status":200,"body":"POST \/a\?b=c Hello"\}$/,
  },
  {
    path: "/large",
    method: "POST",
    body: LARGE,
    answer: /^\{"status":200,"body":"POST \/large x{300000}"\}$/,
  },
  { path: "/away", answer: /^\{"status":302,"body":""\}$/ },
  { path: "/cut", answer: /error/ },
  { url: "http://other.example/", answer: /error/, denials: 1 },
  { url: "http://localhost:{neighbour}/", answer: /error/, denials: 1 },
];

function serve(): Deno.HttpServer<Deno.NetAddr> {
  const onError = () => new Response(null, { status: 500 });
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, answer);
}

async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (pathname === "/away") return Response.redirect("http://other.example/", 302);
  if (pathname === "/cut") {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
    return new Response(body);
  }
  return new Response(`${request.method} ${pathname}${search} ${await request.text()}`);
}

Deno.test("a guest fetches what it was granted, and nothing else", async () => {
  const [server, neighbour] = [serve(), serve()];
  const { port } = server.addr;
  // Of the neighbour, the name alone.
  const hosts = [`http://127.0.0.1:${port}`, `http://localhost:${neighbour.addr.port}`];
  const denials: Denial[] = [];
  const permissions = denoPermissions({
    componentId: "tested",
    environment: {},
    mounts: [],
    allowedHosts: AllowedHosts.parse(hosts),
    allowedInbound: AllowedInbound.parse([]),
  });
  const spec = executorSpec(await compiledGuest("sm-fetch"), {
    permissions,
    grant: { ...NO_GRANT, allowedHosts: hosts },
    onDenied: (denial) => denials.push(denial),
  });
  await using executor = await startWorker(spec);
  for (const { path, url, method, body, answer, denials: expected = 0 } of FETCHED) {
    denials.length = 0;
    const message = {
      url: url?.replace("{neighbour}", String(neighbour.addr.port)) ??
        `http://127.0.0.1:${port}${path}`,
      method,
      body,
    };
    const result = await executor.call({ export: HANDLE, args: [JSON.stringify(message)] });
    assert(result.ok, JSON.stringify(result));
    assert.match(String(result.value), answer);
    assert.equal(denials.length, expected, message.url);
  }
  await server.shutdown();
  await neighbour.shutdown();
});
