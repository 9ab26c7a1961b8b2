import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Client } from "./client.ts";
import { rawServer } from "./raw_server.ts";

const HERE = new URL(".", import.meta.url);

/** A server whose certificate is for `localhost` and `127.0.0.1`, from an authority of this test. */
function tlsServer(hostname = "127.0.0.1"): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({
    hostname,
    port: 0,
    onListen() {},
    cert: Deno.readTextFileSync(new URL("localhost_cert.pem", HERE)),
    key: Deno.readTextFileSync(new URL("localhost_key.pem", HERE)),
  }, () => new Response("secret"));
}

Deno.test("a certificate that nobody vouches for is refused", async () => {
  await using server = tlsServer();
  using client = new Client(["https://*:*"]);
  for (const host of ["localhost", "127.0.0.1"]) {
    await assert.rejects(
      client.send({ authority: `${host}:${server.addr.port}`, scheme: { tag: "HTTPS" } }),
      { tag: "TLS-certificate-error" },
    );
  }
});

Deno.test("a certificate counts for its own hosts only", async () => {
  await using server = tlsServer("0.0.0.0");
  const { port } = server.addr;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-net", fileURLToPath(new URL("tls_client_main.ts", HERE))],
      ...[`localhost:${port}`, `127.0.0.1:${port}`, `127.0.0.2:${port}`],
    ],
    env: { DENO_CERT: fileURLToPath(new URL("localhost_ca.pem", HERE)) },
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "secret\nsecret\nTLS-certificate-error\n");
});

Deno.test("a server that does not speak TLS is told from one that breaks off", async () => {
  await using plain = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(""),
  );
  using client = new Client(["*://*:*"]);
  await assert.rejects(
    client.send({ authority: `127.0.0.1:${plain.addr.port}`, scheme: { tag: "HTTPS" } }),
    { tag: "TLS-protocol-error" },
  );
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = (async () => {
    for await (const connection of listener) connection.close();
  })();
  await assert.rejects(
    client.send({ authority: `127.0.0.1:${listener.addr.port}`, scheme: { tag: "HTTPS" } }),
    { tag: "connection-terminated" },
  );
  listener.close();
  await closing;
});

Deno.test("a request without TLS to a server with TLS is answered with no HTTP", async () => {
  await using server = tlsServer();
  using client = new Client(["*://*:*"]);
  await assert.rejects(
    client.send({ authority: `127.0.0.1:${server.addr.port}` }),
    ({ tag }) => tag === "HTTP-protocol-error" || tag === "HTTP-response-incomplete",
  );
  await using silent = rawServer(() => {});
  await assert.rejects(
    client.send({
      authority: `127.0.0.1:${silent.port}`,
      scheme: { tag: "HTTPS" },
      timeouts: { connect: 50 },
    }),
    { tag: "connection-timeout" },
  );
});
