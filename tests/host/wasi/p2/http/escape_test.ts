import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import { denoPermissions } from "../../../../../src/policy/deno_permissions.ts";
import { Client } from "./client.ts";
import { ESCAPE_ATTEMPTS, type EscapeAttempt, type Ports } from "./escape_attempts.ts";
import { type RawServer, rawServer } from "./raw_server.ts";

interface Servers extends AsyncDisposable {
  readonly ports: Ports;
  readonly denied: RawServer;
}

function servers(): Servers {
  const granted = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("granted"),
  );
  const denied = rawServer((connection) => connection.send("HTTP/1.1 204 No Content\r\n\r\n"));
  return {
    ports: { granted: granted.addr.port, denied: denied.port },
    denied,
    async [Symbol.asyncDispose]() {
      await granted.shutdown();
      await denied[Symbol.asyncDispose]();
    },
  };
}

function grantsOf(attempt: EscapeAttempt, ports: Ports): readonly string[] {
  return attempt.grants?.(ports) ?? [`http://127.0.0.1:${ports.granted}`];
}

for (const attempt of ESCAPE_ATTEMPTS) {
  Deno.test(`a guest does not escape by ${attempt.name}`, async () => {
    await using around = servers();
    using client = new Client(grantsOf(attempt, around.ports));
    const { code } = attempt;
    await assert.rejects(client.send(attempt.request(around.ports)), { tag: code });
    assert.equal(around.denied.received.length, 0);
    const reported = code === "HTTP-request-denied" || code === "destination-IP-prohibited";
    assert.equal(client.denials.length, reported ? 1 : 0);
  });
}

for (const attempt of ESCAPE_ATTEMPTS) {
  const holds = attempt.secondWall === "none" ? "is open" : "holds";
  Deno.test(`where the policy allows everything, the second wall ${holds}: ${attempt.name}`, async () => {
    await using around = servers();
    const permissions = denoPermissions({
      componentId: "tested",
      environment: {},
      mounts: [],
      allowedHosts: AllowedHosts.parse(grantsOf(attempt, around.ports)),
      allowedInbound: AllowedInbound.parse([]),
    });
    const worker = new Worker(import.meta.resolve("./escape_worker.ts"), {
      type: "module",
      deno: { permissions },
    });
    try {
      const answer = Promise.withResolvers<unknown>();
      worker.onmessage = ({ data }) => answer.resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        answer.reject(new Error(event.message));
      };
      worker.postMessage(attempt.request(around.ports));
      const tag = await answer.promise;
      if (attempt.secondWall === "none") {
        assert.equal(around.denied.received.length, 1);
      } else {
        assert.equal(tag, attempt.secondWall);
        assert.equal(around.denied.received.length, 0);
      }
    } finally {
      worker.terminate();
    }
  });
}

Deno.test("a redirection to a denied host is not followed", async () => {
  await using denied = rawServer(() => {});
  await using granted = rawServer((connection) =>
    connection.send(
      `HTTP/1.1 307 X\r\nlocation: http://127.0.0.1:${denied.port}/\r\ncontent-length: 0\r\n\r\n`,
    )
  );
  const authority = `127.0.0.1:${granted.port}`;
  using client = new Client([`http://${authority}`]);
  const { status, headers } = await client.send({ authority });
  assert.equal(status, 307);
  assert.equal(headers.location, `http://127.0.0.1:${denied.port}/`);
  assert.equal(denied.received.length, 0);
});

const INJECTIONS: readonly Readonly<Record<string, string>>[] = [
  { host: "other.example" },
  { Host: "other.example" },
  { "transfer-encoding": "chunked" },
  { "proxy-authorization": "x" },
  { connection: "keep-alive" },
  { "x\r\nhost: other": "1" },
  { "x: 1\r\ny": "1" },
  { x: "1\r\nhost: other.example" },
  { x: "1\n\nGET / HTTP/1.1" },
  { x: "\0" },
  { "x ": "1" },
];

Deno.test("no field can change where a request goes, or add another one", async () => {
  using client = new Client(["*://*:*"]);
  for (const headers of INJECTIONS) {
    await assert.rejects(
      client.send({ authority: "127.0.0.1:9", headers }),
      (error: { tag: string }) => error.tag === "invalid-syntax" || error.tag === "forbidden",
    );
  }
});

Deno.test("a denial names the target, why, and the line that would allow it", async () => {
  await using denied = rawServer(() => {});
  const named = `localhost:${denied.port}`;
  using client = new Client([`http://${named}`]);
  await assert.rejects(client.send({ authority: named }));
  await assert.rejects(client.send({ authority: "example.com", scheme: { tag: "HTTPS" } }));
  await assert.rejects(client.send({ authority: "[::1]:8080" }));
  assert.deepEqual(client.denials, [
    {
      target: `connect to http://${named}`,
      reason: "localhost is at 127.0.0.1, which is not a public address",
      grant: `allowed_outbound_hosts = ["http://127.0.0.1:${denied.port}"]`,
    },
    {
      target: "connect to https://example.com:443",
      grant: 'allowed_outbound_hosts = ["https://example.com"]',
    },
    {
      target: "connect to http://[::1]:8080",
      grant: 'allowed_outbound_hosts = ["http://[::1]:8080"]',
    },
  ]);
});

Deno.test("a name of a private address is connected to where both are granted", async () => {
  await using server = rawServer((connection) => connection.send("HTTP/1.1 204 OK\r\n\r\n"));
  const { port } = server;
  using client = new Client([`http://localhost:${port}`, `http://127.0.0.1:${port}`]);
  assert.equal((await client.send({ authority: `localhost:${port}` })).status, 204);
  assert.deepEqual(client.denials, []);
});

Deno.test("where Deno denies a range, the second wall holds for names that lead into it", async () => {
  await using server = rawServer((connection) =>
    connection.send("HTTP/1.1 204 No Content\r\n\r\n")
  );
  const outcomes: string[] = [];
  for (const flags of [[], ["--deny-net=127.0.0.0/8"]]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--allow-all", "--no-prompt", "--unstable-worker-options", ...flags],
        fileURLToPath(new URL("deny_net_main.ts", import.meta.url)),
        `localhost:${server.port}`,
      ],
    }).output();
    outcomes.push(new TextDecoder().decode(stdout));
  }
  assert.deepEqual(outcomes, ["status 204", "HTTP-request-denied"]);
  assert.equal(server.received.length, 1);
});
