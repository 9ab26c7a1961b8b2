import assert from "node:assert/strict";
import { AllowedInbound } from "../../src/policy/allowed_inbound.ts";
import { AllowedHosts } from "../../src/policy/allowed_hosts.ts";
import { denoPermissions, permissionGaps } from "../../src/policy/deno_permissions.ts";
import type { Mount, Policy } from "../../src/policy/policy.ts";

const KEYS = ["env", "ffi", "import", "net", "read", "run", "sys", "write"];

Deno.test("denoPermissions() denies every key for a component without grants", () => {
  const permissions = denoPermissions(policy({}));
  assert.deepEqual(Object.keys(permissions).sort(), KEYS);
  assert.deepEqual(new Set(Object.values(permissions)), new Set([false]));
});

Deno.test("denoPermissions() lists every key for a component with grants", () => {
  const permissions = denoPermissions(policy({
    hosts: ["*://*:*"],
    mounts: [mount("/data", true)],
    environment: { SECRET: "x" },
  }));
  assert.deepEqual(permissions, {
    env: false,
    ffi: false,
    import: false,
    net: true,
    read: ["/data"],
    run: false,
    sys: false,
    write: ["/data"],
  });
});

Deno.test("denoPermissions() lets a guest write only to writable mounts", () => {
  const { read, write } = denoPermissions(policy({
    mounts: [mount("/a", false), mount("/b", true), mount("/a", false)],
  }));
  assert.deepEqual(read, ["/a", "/b"]);
  assert.deepEqual(write, ["/b"]);
});

/** Entry, Deno's net permission, number of gaps. */
const NET: readonly [string, boolean | string[], number][] = [
  ["http://example.com", ["example.com:80"], 0],
  ["https://example.com:8443", ["example.com:8443"], 0],
  ["http://example.com:*", ["example.com"], 0],
  ["http://example.com:80..90", ["example.com"], 1],
  ["http://example.com:80..81", ["example.com:80"], 0],
  ["http://bücher.example", ["xn--bcher-kva.example:80"], 0],
  ["https://*.example.com", ["*.example.com:443"], 1],
  ["https://*.example.com:1..9", ["*.example.com"], 2],
  ["http://192.168.1.1", ["192.168.1.1:80"], 0],
  ["http://[::1]:*", ["[::1]"], 0],
  ["http://[0:0::1]", ["[::1]:80"], 0],
  ["http://[2001:db8::ff]", ["[2001:db8::ff]:80"], 0],
  ["tcp://10.1.2.3/8:*", ["10.0.0.0/8"], 0],
  ["tcp://10.1.2.3/8:5432", ["10.0.0.0/8:5432"], 0],
  ["tcp://[::ffff:10.0.0.1]:80", ["10.0.0.1:80"], 0],
  // Datagrams are sent from a port that is bound first.
  ["udp://10.0.0.1:53", ["10.0.0.1:53", "0.0.0.0:0", "[::]:0"], 1],
  ["*://10.0.0.1:53", ["10.0.0.1:53", "0.0.0.0:0", "[::]:0"], 1],
  ["http://ff00::/8", true, 1],
  ["http://::1/128", ["[::1]:80"], 0],
  ["*://*:*", true, 0],
  ["http://*", true, 1],
  ["http://self", false, 0],
  ["http://other.spin.internal", false, 0],
];

for (const [entry, net, gaps] of NET) {
  Deno.test(`denoPermissions() turns ${entry} into net ${net}`, () => {
    const granted = policy({ hosts: [entry] });
    assert.deepEqual(denoPermissions(granted).net, net);
    const sentences = permissionGaps(granted);
    assert.equal(sentences.length, gaps);
    assert(sentences.every((sentence) => sentence.includes(`"${entry}"`)));
  });

  Deno.test(`Deno takes the net permission for ${entry}`, () => {
    const permissions = denoPermissions(policy({ hosts: [entry] }));
    startWorker(permissions).terminate();
  });
}

Deno.test("denoPermissions() lists each host once", () => {
  const { net } = denoPermissions(policy({
    hosts: ["http://a:80", "tcp://a:80", "https://a"],
  }));
  assert.deepEqual(net, ["a:80", "a:443"]);
});

/** Entry of `allowed_inbound`, Deno's net permission. */
const INBOUND: readonly [string, string[]][] = [
  ["tcp://127.0.0.1:7000", ["127.0.0.1:7000"]],
  ["udp://[::1]:5353", ["[::1]:5353"]],
  ["tcp://127.0.0.1:*", ["127.0.0.1"]],
  ["tcp://localhost:80", ["127.0.0.1:80", "[::1]:80"]],
  ["tcp://*:80", ["0.0.0.0/0:80", "[::]:80", "[::1]:80"]],
  ["udp://*:*", ["0.0.0.0/0", "[::]", "[::1]"]],
];

for (const [entry, net] of INBOUND) {
  Deno.test(`denoPermissions() turns ${entry} of allowed_inbound into net ${net}`, () => {
    const granted = policy({ inbound: [entry] });
    const permissions = denoPermissions(granted);
    assert.deepEqual(permissions.net, net);
    // Deno does not tell listening from connecting.
    const [sentence, ...others] = permissionGaps(granted);
    assert(sentence?.includes(`"${entry}"`) && sentence.includes("connecting"));
    assert.deepEqual(others, []);
    startWorker(permissions).terminate();
  });
}

function policy(grants: {
  readonly hosts?: readonly string[];
  readonly inbound?: readonly string[];
  readonly mounts?: readonly Mount[];
  readonly environment?: Readonly<Record<string, string>>;
}): Policy {
  return {
    componentId: "hello",
    environment: grants.environment ?? {},
    mounts: grants.mounts ?? [],
    allowedHosts: AllowedHosts.parse(grants.hosts ?? []),
    allowedInbound: AllowedInbound.parse(grants.inbound ?? []),
  };
}

function mount(hostPath: string, writable: boolean): Mount {
  return { hostPath, guestPath: "/", writable };
}

/** Deno checks the form of the permissions when it starts the worker, and throws. */
function startWorker(permissions: Deno.PermissionOptionsObject): Worker {
  return new Worker("data:application/javascript,", {
    type: "module",
    deno: { permissions },
  });
}
