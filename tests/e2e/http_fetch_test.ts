import assert from "node:assert/strict";
import { join } from "node:path";
import { runCli } from "../support/cli.ts";
import { guest } from "../support/guests.ts";

const MANIFEST = new URL("../../examples/http-fetch/app.toml", import.meta.url);

Deno.test("examples/http-fetch fetches from the granted host, and from no other", async () => {
  const directory = await Deno.makeTempDir();
  const paths: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      paths.push(new URL(request.url).pathname);
      return new Response("Hello");
    },
  );
  try {
    await Deno.copyFile(MANIFEST, join(directory, "app.toml"));
    await Deno.copyFile(await guest("example-fetcher"), join(directory, "fetcher.wasm"));
    const host = `http://127.0.0.1:${server.addr.port}`;
    const args = [directory, "--test", "--log-dir", "", "--env", `URL=${host}/page`];

    const granted = await runCli([...args, "--variable", `host=${host}`]);
    assert.equal(granted.code, 0, granted.stderr);
    assert.ok(granted.stdout.includes(`fetcher: ${host}/page answered 200 with 5 characters`));
    assert.deepEqual(paths, ["/page"]);

    const refused = await runCli(args);
    assert.ok(refused.stdout.includes("could not be fetched"), refused.stdout);
    assert.ok(refused.stderr.includes(`allowed_outbound_hosts = ["${host}"]`), refused.stderr);
    assert.deepEqual(paths, ["/page"]);
  } finally {
    await server.shutdown();
    await Deno.remove(directory, { recursive: true });
  }
});
