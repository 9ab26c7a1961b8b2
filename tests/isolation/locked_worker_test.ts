// The second wall alone: what host code in the worker can do when the first wall has a hole. The
// "guest" is a module written by hand, which has all that the host code has.

import assert from "node:assert/strict";
import { join } from "node:path";
import { startWorker } from "../../src/isolation/worker.ts";
import { AllowedInbound } from "../../src/policy/allowed_inbound.ts";
import { AllowedHosts } from "../../src/policy/allowed_hosts.ts";
import { denoPermissions } from "../../src/policy/deno_permissions.ts";
import type { Mount, Policy } from "../../src/policy/policy.ts";
import { compiledGuest } from "../compile/compiled_guest.ts";
import { executorSpec, HANDLE, NO_GRANT, scripted } from "./executor_spec.ts";

/** Attempts by name: JavaScript expressions over the object `at`, see {@linkcode Surroundings}. */
type Attempts = Readonly<Record<string, string>>;

/** What is around the worker. */
interface Surroundings extends AsyncDisposable {
  /** A directory that a test may mount; it holds `a.txt`, `m.js`, and `link` to the other's a.txt. */
  readonly granted: string;
  /** Its sibling, which no test mounts; it holds `a.txt` and `m.js`. */
  readonly denied: string;
  /** The port of an HTTP server on 127.0.0.1. */
  readonly port: number;
}

async function surroundings(): Promise<Surroundings> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const [granted, denied] = [join(root, "granted"), join(root, "denied")];
  for (const directory of [granted, denied]) {
    await Deno.mkdir(directory);
    await Deno.writeTextFile(join(directory, "a.txt"), "content");
    await Deno.writeTextFile(join(directory, "m.js"), "export default 1;");
  }
  await Deno.symlink(join(denied, "a.txt"), join(granted, "link"));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("export default 1;", { headers: { "content-type": "text/javascript" } }),
  );
  return {
    granted,
    denied,
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(root, { recursive: true });
    },
  };
}

function policyOf(granted: Partial<Policy> = {}): Policy {
  return {
    componentId: "tested",
    environment: {},
    mounts: [],
    allowedHosts: AllowedHosts.parse([]),
    allowedInbound: AllowedInbound.parse([]),
    ...granted,
  };
}

function readOnly(hostPath: string): Mount {
  return { hostPath, guestPath: "/", writable: false };
}

/**
 * Makes every attempt in a worker that is locked as a policy says.
 *
 * @returns For each attempt `ok`, `NotCapable` or how else it failed.
 */
async function attempt(
  attempts: Attempts,
  policy: Policy,
  at: Omit<Surroundings, typeof Symbol.asyncDispose>,
): Promise<Readonly<Record<string, string>>> {
  const functions = Object.entries(attempts).map(([name, expression]) =>
    `${JSON.stringify(name)}: () => ${expression}`
  );
  const { granted, denied, port } = at;
  const compiled = scripted(`
    const at = ${JSON.stringify({ granted, denied, port })};
    const attempts = { ${functions.join(",\n")} };
    async function attempt(name) {
      try {
        await attempts[name]();
        return "ok";
      } catch (error) {
        // A module that may not be loaded is a TypeError, whose text says why.
        return /^Requires (read|import|net) access/.test(error.message) ? "NotCapable" : error.name;
      }
    }
    export const instantiate = () => ({ attempt });
  `);
  const permissions = denoPermissions(policy);
  await using executor = await startWorker(executorSpec(compiled, { permissions }));
  const outcomes: Record<string, string> = {};
  for (const name of Object.keys(attempts)) {
    const result = await executor.call({ export: "attempt", args: [name] });
    outcomes[name] = result.ok ? String(result.value) : result.failure.message;
  }
  return outcomes;
}

/** The same outcome for every attempt. */
function all(attempts: Attempts, outcome: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(attempts).map((name) => [name, outcome]));
}

/** What no component may do, whatever its policy grants. */
const NEVER: Attempts = {
  "read a file that is not mounted": "Deno.readTextFile(`${at.denied}/a.txt`)",
  "read it synchronously": "Deno.readTextFileSync(`${at.denied}/a.txt`)",
  "open it": "Deno.open(`${at.denied}/a.txt`)",
  "stat it": "Deno.stat(`${at.denied}/a.txt`)",
  "list its directory": "Deno.readDirSync(at.denied).next()",
  "read it by way of dots": "Deno.readTextFile(`${at.granted}/../denied/a.txt`)",
  "fetch it": "fetch(`file://${at.denied}/a.txt`)",
  "read it with Node's API":
    "import('node:fs').then(({ readFileSync }) => readFileSync(`${at.denied}/a.txt`))",
  "import it": "import(`file://${at.denied}/m.js`)",
  "require it": "import('node:module').then(({ createRequire }) => " +
    "createRequire(`file://${at.granted}/x.js`)(`${at.denied}/m.js`))",
  "read the process's environment as a file": "Deno.readTextFile('/proc/self/environ')",
  "read an environment variable": "Deno.env.get('HOME')",
  "read all environment variables": "Deno.env.toObject()",
  "read one with Node's API":
    // Node's environment is one of the thread's own, and empty.
    "import('node:process').then(({ default: process }) => { " +
    "if (process.env.HOME === undefined) throw new Deno.errors.NotCapable('none there'); })",
  "set an environment variable": "Deno.env.set('GYRE_TEST', '1')",
  "connect": "Deno.connect({ hostname: '127.0.0.1', port: at.port + 1 })",
  "fetch": "fetch(`http://127.0.0.1:${at.port + 1}/`)",
  "connect with Node's API":
    "import('node:http').then(({ get }) => new Promise((resolve, reject) " +
    "=> get(`http://127.0.0.1:${at.port + 1}/`, resolve).on('error', reject)))",
  "open a web socket": "new WebSocket(`ws://127.0.0.1:${at.port + 1}/`)",
  "connect to a unix socket": "Deno.connect({ transport: 'unix', path: `${at.denied}/socket` })",
  "listen": "Deno.listen({ hostname: '127.0.0.1', port: 0 })",
  "serve": "Deno.serve({ hostname: '127.0.0.1', port: 0 }, () => new Response())",
  "resolve a name": "Deno.resolveDns('localhost', 'A')",
  "run a program": "new Deno.Command('true').output()",
  "run a program with Node's API":
    "import('node:child_process').then(({ execFileSync }) => execFileSync('true'))",
  "write a file": "Deno.writeTextFile(`${at.denied}/new.txt`, '')",
  "make a temporary file": "Deno.makeTempFile()",
  "link a file": "Deno.link(`${at.denied}/a.txt`, `${at.granted}/hard`)",
  "make a symlink": "Deno.symlink(`${at.denied}/a.txt`, `${at.granted}/soft`)",
  "start a worker with more rights": "new Worker('data:text/javascript,', " +
    "{ type: 'module', deno: { permissions: { read: true } } })",
  "start a worker with other rights": "new Worker('data:text/javascript,', " +
    "{ type: 'module', deno: { permissions: { env: ['HOME'] } } })",
  "import over HTTP": "import(`http://127.0.0.1:${at.port}/m.js`)",
  "load a library": "Deno.dlopen('libc.so.6', {})",
  "read the machine's name": "Deno.hostname()",
  "read the machine's name with Node's API": "import('node:os').then(({ hostname }) => hostname())",
  "read the network's interfaces": "Deno.networkInterfaces()",
  "read the user's number": "Deno.uid()",
  "change the directory": "Deno.chdir('/')",
  "open a database": "import('node:sqlite').then(({ DatabaseSync }) => " +
    "new DatabaseSync(`${at.denied}/db`))",
};

Deno.test("a locked worker denies everything when its policy grants nothing", async () => {
  await using at = await surroundings();
  const attempts: Attempts = {
    ...NEVER,
    "read a file": "Deno.readTextFile(`${at.granted}/a.txt`)",
    "import a file": "import(`file://${at.granted}/m.js`)",
    "read a file through a symlink": "Deno.readTextFile(`${at.granted}/link`)",
    "connect to the server": "Deno.connect({ hostname: '127.0.0.1', port: at.port })",
    "fetch from the server": "fetch(`http://127.0.0.1:${at.port}/`)",
  };
  assert.deepEqual(await attempt(attempts, policyOf(), at), all(attempts, "NotCapable"));
});

Deno.test("a locked worker is not given more rights when it asks for them", async () => {
  const names = ["env", "ffi", "import", "net", "read", "run", "sys", "write"];
  const attempts = Object.fromEntries(names.map((name) => [
    name,
    `Deno.permissions.request({ name: '${name}' }).then(({ state }) => { throw { name: state, message: '' }; })`,
  ]));
  const at = { granted: "", denied: "", port: 0 };
  assert.deepEqual(await attempt(attempts, policyOf(), at), all(attempts, "denied"));
});

Deno.test("a locked worker may read what is mounted and nothing beside it, and write nothing", async () => {
  await using at = await surroundings();
  const granted: Attempts = {
    "read": "Deno.readTextFile(`${at.granted}/a.txt`)",
    "list": "[...Deno.readDirSync(at.granted)]",
  };
  const denied: Attempts = {
    ...NEVER,
    "write into the mount": "Deno.writeTextFile(`${at.granted}/a.txt`, 'x')",
    "remove from the mount": "Deno.remove(`${at.granted}/a.txt`)",
    "change modes in the mount": "Deno.chmod(`${at.granted}/a.txt`, 0o777)",
    "read what only begins alike": "Deno.readTextFile(`${at.granted}-not/a.txt`)",
    "read the directory above": "Deno.readDirSync(`${at.granted}/..`).next()",
  };
  const policy = policyOf({ mounts: [readOnly(at.granted)] });
  assert.deepEqual(await attempt({ ...granted, ...denied }, policy, at), {
    ...all(granted, "ok"),
    ...all(denied, "NotCapable"),
  });
  assert.equal(await Deno.readTextFile(join(at.granted, "a.txt")), "content");
});

Deno.test("a locked worker may write into a writable mount and nowhere else", async () => {
  await using at = await surroundings();
  const granted: Attempts = { "write": "Deno.writeTextFile(`${at.granted}/new.txt`, 'x')" };
  const mounts = [{ ...readOnly(at.granted), writable: true }];
  assert.deepEqual(await attempt({ ...granted, ...NEVER }, policyOf({ mounts }), at), {
    ...all(granted, "ok"),
    ...all(NEVER, "NotCapable"),
  });
});

Deno.test("a locked worker may connect to the allowed host and port and to no other", async () => {
  await using at = await surroundings();
  const granted: Attempts = {
    "fetch it": "fetch(`http://127.0.0.1:${at.port}/`).then((response) => response.text())",
  };
  const denied: Attempts = {
    ...NEVER,
    "fetch from another name of the host": "fetch(`http://localhost:${at.port}/`)",
    "fetch from another address of the host": "fetch(`http://127.0.0.2:${at.port}/`)",
  };
  const allowedHosts = AllowedHosts.parse([`http://127.0.0.1:${at.port}`]);
  assert.deepEqual(await attempt({ ...denied, ...granted }, policyOf({ allowedHosts }), at), {
    ...all(denied, "NotCapable"),
    ...all(granted, "ok"),
  });
});

/** What Deno's permissions do not cover: only the first wall stands there. */
const KNOWN_GAPS: Attempts = {
  "read through a symlink that leads out of the mount": "Deno.readTextFile(`${at.granted}/link`)",
  "read the working directory's path": "Deno.cwd()",
  "send the process a signal": "Deno.kill(Deno.pid, 'SIGCONT')",
};

Deno.test("a locked worker has the gaps that are known, which the host interfaces must close", async () => {
  await using at = await surroundings();
  const policy = policyOf({ mounts: [readOnly(at.granted)] });
  assert.deepEqual(await attempt(KNOWN_GAPS, policy, at), all(KNOWN_GAPS, "ok"));
});

/** Runs the probe guest with wall one switched off: it is told of mounts that it was not granted. */
async function probe(
  actions: readonly unknown[],
  options: { readonly mounts: readonly Mount[]; readonly policy: Policy },
): Promise<readonly unknown[]> {
  const compiled = await compiledGuest("qjs-probe");
  await using executor = await startWorker(executorSpec(compiled, {
    grant: {
      ...NO_GRANT,
      environment: { PROBE: JSON.stringify(actions) },
      mounts: options.mounts,
    },
    permissions: denoPermissions(options.policy),
  }));
  const result = await executor.call({ export: HANDLE, args: ["now"] });
  assert.ok(result.ok, Deno.inspect(result));
  return JSON.parse(String(result.value));
}

Deno.test("a guest reads nothing when its host interfaces grant more than the worker's permissions", async () => {
  await using at = await surroundings();
  const outcomes = await probe(
    [
      { read: "/in/a.txt" },
      { read: "/out/a.txt" },
      { readRaw: "../denied/a.txt" },
      { list: "/out" },
      { write: "/out/a.txt", text: "changed" },
      { unlink: "/out/a.txt" },
    ],
    {
      mounts: [
        { ...readOnly(at.granted), guestPath: "/in" },
        { hostPath: at.denied, guestPath: "/out", writable: true },
      ],
      policy: policyOf({ mounts: [readOnly(at.granted)] }),
    },
  );
  const [first, ...others] = outcomes;
  assert.deepEqual(first, { ok: "content" });
  assert.equal(others.length, 5);
  for (const outcome of others) {
    assert.deepEqual(Object.keys(outcome as object), ["error"], Deno.inspect(outcomes));
  }
  assert.equal(await Deno.readTextFile(join(at.denied, "a.txt")), "content");
});

Deno.test("a guest cannot follow a symlink out of its mount, which the worker's permissions allow", async () => {
  await using at = await surroundings();
  const mounts = [readOnly(at.granted)];
  const actions = [{ read: "/link" }, { readRaw: "link" }, { read: "/a.txt" }];
  const outcomes = await probe(actions, { mounts, policy: policyOf({ mounts }) });
  assert.deepEqual(outcomes.map((outcome) => Object.keys(outcome as object)), [
    ["error"],
    ["error"],
    ["ok"],
  ]);
});

Deno.test("a guest's environment is what it was granted, whatever the process's is", async () => {
  const [environment] = await probe([{ environment: true }], { mounts: [], policy: policyOf() });
  assert.deepEqual(environment, {
    ok: [["PROBE", JSON.stringify([{ environment: true }])]],
  });
});
