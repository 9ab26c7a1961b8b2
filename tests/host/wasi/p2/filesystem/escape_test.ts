// What a guest may try to get out of its mount: as a guest of the host interface alone, which then
// runs with every permission; as a real guest in a locked worker; and as one whose first wall has a
// hole, so that only Deno's permissions stand.

import assert from "node:assert/strict";
import type { DirectoryDescriptor } from "../../../../../src/host/wasi/p2/filesystem/directory_descriptor.ts";
import { startWorker } from "../../../../../src/isolation/worker.ts";
import { AllowedHosts } from "../../../../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../../../../src/policy/allowed_inbound.ts";
import { denoPermissions } from "../../../../../src/policy/deno_permissions.ts";
import type { Mount } from "../../../../../src/policy/policy.ts";
import { compiledGuest } from "../../../../compile/compiled_guest.ts";
import { executorSpec, HANDLE, NO_GRANT } from "../../../../isolation/executor_spec.ts";
import { thrown } from "../../../thrown.ts";
import { MountFixture, SECRET } from "./mount_fixture.ts";

/** Makes of a path in the mount the path that the guest has to write for it. */
type At = (path: string) => string;

/** A call of one of a directory's functions; `ROOT` stands for the directory itself. */
interface Attempt {
  readonly name: string;
  readonly method: Exclude<keyof DirectoryDescriptor, "mount" | typeof Symbol.dispose>;
  readonly args: (at: At) => readonly unknown[];
  /** What the host interface answers. */
  readonly expected: string;
  /** Whether it only looks. */
  readonly reads?: true;
}

const FOLLOW = { symlinkFollow: true };
const READ = { read: true };
const WRITE = { write: true };
const NOW = { tag: "now" };

function open(name: string, path: string, expected: string, flags: {
  readonly follow?: boolean;
  readonly open?: object;
  readonly use?: object;
} = {}): Attempt {
  const { follow = true, use = WRITE } = flags;
  return {
    name,
    method: "openAt",
    args: (at) => [follow ? FOLLOW : {}, at(path), flags.open ?? {}, use],
    expected,
    ...(use === READ && { reads: true }),
  };
}

function create(name: string, path: string, expected: string, follow = true): Attempt {
  return open(name, path, expected, { follow, open: { create: true } });
}

function change(
  name: string,
  method: Attempt["method"],
  args: Attempt["args"],
  expected = "not-permitted",
): Attempt {
  return { name, method, args, expected };
}

function look(
  name: string,
  method: Attempt["method"],
  args: Attempt["args"],
  expected = "not-permitted",
): Attempt {
  return { name, method, args, expected, reads: true };
}

const ATTEMPTS: readonly Attempt[] = [
  create("create by dots", "../new.txt", "not-permitted"),
  create("create by dots through a directory", "dir/deep/../../../new.txt", "not-permitted"),
  create("create by dots through a link", "link-dir/../../new.txt", "not-permitted"),
  create("create in a linked directory", "link-out-dir/new.txt", "not-permitted"),
  create("create in a sibling with the same beginning", "../mount-evil/new.txt", "not-permitted"),
  create("create in a linked sibling", "link-out-sibling/new.txt", "not-permitted"),
  create("create in a linked root", "link-root/tmp/new.txt", "not-permitted"),
  create("create at an absolute path", "/tmp/gyre-escape.txt", "not-permitted"),
  create("create where a dangling link leads", "link-dangling-out", "not-permitted"),
  create("create over a dangling link", "link-dangling-out", "loop", false),
  create("create behind a NUL", "dir\0/../../new.txt", "invalid"),
  create("create through a link and back", "link-out-and-in/../../new.txt", "not-permitted"),
  open("create where a dangling link leads, exclusively", "link-dangling-out", "exist", {
    open: { create: true, exclusive: true },
  }),
  open("write by dots", "../secret.txt", "not-permitted"),
  open("write through a link", "link-out", "not-permitted"),
  open("write to a link itself", "link-out", "loop", { follow: false }),
  open("write through an absolute link", "link-abs", "not-permitted"),
  open("write through a chain of links", "link-out-by-chain", "not-permitted"),
  open("write through a link that leads by a directory", "link-out-by-dir", "not-permitted"),
  open("empty through a link", "link-out", "not-permitted", { open: { truncate: true } }),
  open("empty by dots", "dir/../../secret.txt", "not-permitted", { open: { truncate: true } }),
  open("write to the process", "link-proc", "not-permitted"),
  open("open the directory around", "..", "not-permitted", {
    open: { directory: true },
    use: { read: true, mutateDirectory: true },
  }),
  open("open a linked directory to change it", "link-out-dir", "not-permitted", {
    open: { directory: true },
    use: { read: true, mutateDirectory: true },
  }),
  open("read by dots", "../secret.txt", "not-permitted", { use: READ }),
  open("read through a link", "dir/link-out", "not-permitted", { use: READ }),
  open("read through links to and fro", "dir/deep/link-mount/link-out", "not-permitted", {
    use: READ,
  }),
  open("read an absolute path", "/etc/passwd", "not-permitted", { use: READ }),
  open("read the process's environment", "link-proc", "not-permitted", { use: READ }),

  change("make a directory by dots", "createDirectoryAt", (at) => [at("../new")]),
  change("make one through a link", "createDirectoryAt", (at) => [at("link-out-dir/new")]),
  change("make one where a dangling link leads", "createDirectoryAt", (at) => [
    at("link-dangling-out/"),
  ], "not-directory"),
  change("remove a directory by dots", "removeDirectoryAt", (at) => [at("../mount-evil")]),
  change("remove the directory around", "removeDirectoryAt", (at) => [at("..")]),
  change("remove a linked directory", "removeDirectoryAt", (at) => [
    at("link-out-sibling/"),
  ], "not-directory"),
  change("remove a file by dots", "unlinkFileAt", (at) => [at("../secret.txt")]),
  change("remove a file through a link", "unlinkFileAt", (at) => [at("link-out-dir/secret.txt")]),
  change("remove a file in a linked root", "unlinkFileAt", (at) => [at("link-root/etc/passwd")]),
  change("move a file out", "renameAt", (at) => [at("a.txt"), "ROOT", at("../stolen.txt")]),
  change("move a file out through a link", "renameAt", (at) => [
    at("a.txt"),
    "ROOT",
    at("link-out-dir/stolen.txt"),
  ]),
  change("move a file over one outside", "renameAt", (at) => [
    at("a.txt"),
    "ROOT",
    at("link-out-dir/secret.txt"),
  ]),
  change("move a directory out", "renameAt", (at) => [at("dir"), "ROOT", at("../dir")]),
  change("move a secret in", "renameAt", (at) => [at("../secret.txt"), "ROOT", at("in.txt")]),
  change("move a secret in through a link", "renameAt", (at) => [
    at("link-out-sibling/secret.txt"),
    "ROOT",
    at("in.txt"),
  ]),
  change("link a secret in", "linkAt", (at) => [{}, at("../secret.txt"), "ROOT", at("in.txt")]),
  change("link a secret in through a link", "linkAt", (at) => [
    {},
    at("link-out-dir/secret.txt"),
    "ROOT",
    at("in.txt"),
  ]),
  change(
    "link what a link leads to",
    "linkAt",
    (at) => [FOLLOW, at("link-out"), "ROOT", at("in.txt")],
    "invalid",
  ),
  change("link a file out", "linkAt", (at) => [{}, at("a.txt"), "ROOT", at("../out.txt")]),
  change("make an absolute link", "symlinkAt", (at) => ["/etc/passwd", at("new-link")]),
  change("make a link outside", "symlinkAt", (at) => ["a.txt", at("../new-link")]),
  change("make a link in a linked directory", "symlinkAt", (at) => [
    "a.txt",
    at("link-out-dir/new-link"),
  ]),
  change("set times by dots", "setTimesAt", (at) => [{}, at("../secret.txt"), NOW, NOW]),
  change("set times through a link", "setTimesAt", (at) => [FOLLOW, at("link-out"), NOW, NOW]),
  change(
    "set times of the directory around",
    "setTimesAt",
    (at) => [FOLLOW, at("dir/../.."), NOW, NOW],
  ),

  look("ask about a file by dots", "statAt", (at) => [{}, at("../secret.txt")]),
  look("ask about what a link leads to", "statAt", (at) => [FOLLOW, at("link-abs")]),
  look("ask about the directory around", "statAt", (at) => [FOLLOW, at("link-out-dir")]),
  look("hash what a link leads to", "metadataHashAt", (at) => [FOLLOW, at("link-out")]),
  look("learn the host's paths from a link", "readlinkAt", (at) => [at("link-abs")]),
  look("read a link outside", "readlinkAt", (at) => [at("../mount/link-abs")]),
];

/** All that is outside of the mount, so that any change shows. */
function outside(mount: MountFixture): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const directory of [mount.around, `${mount.around}/mount-evil`]) {
    for (const { name, isFile } of Deno.readDirSync(directory)) {
      const path = `${directory}/${name}`;
      const { mtime } = Deno.lstatSync(path);
      if (name === "mount") continue; // its own times change with what is in it
      found[path] = isFile ? `${Deno.readTextFileSync(path)} ${mtime?.getTime()}` : "directory";
    }
  }
  return found;
}

function run(root: DirectoryDescriptor, { method, args }: Attempt): unknown {
  const call = root[method] as (...args: unknown[]) => unknown;
  return call.apply(root, args((path) => path).map((arg) => arg === "ROOT" ? root : arg));
}

for (const attempt of ATTEMPTS) {
  Deno.test(`a guest cannot ${attempt.name}`, () => {
    using mount = new MountFixture();
    const before = outside(mount);
    assert.equal(thrown(() => run(mount.writable, attempt)), attempt.expected);
    assert.deepEqual(outside(mount), before);
    assert.throws(() => Deno.lstatSync(`${mount.path}/in.txt`), Deno.errors.NotFound);
    assert.throws(() => Deno.lstatSync("/tmp/gyre-escape.txt"), Deno.errors.NotFound);
  });
}

/** Attempts in two steps, of which the first is allowed. Each gives what the second one threw. */
const SEQUENCES: Readonly<Record<string, (root: DirectoryDescriptor) => unknown>> = {
  "follow a link that it made": (root) => {
    root.symlinkAt("../secret.txt", "mine");
    return root.openAt(FOLLOW, "mine", {}, READ);
  },
  "write through a link that it made": (root) => {
    root.symlinkAt("..", "mine");
    return root.openAt({}, "mine/new.txt", { create: true }, WRITE);
  },
  "make a link lead out by moving it": (root) => {
    root.symlinkAt("../secret.txt", "dir/mine");
    root.renameAt("dir/mine", root, "mine");
    return root.openAt(FOLLOW, "mine", {}, READ);
  },
  "make a link lead out by linking it": (root) => {
    root.symlinkAt("../secret.txt", "dir/mine");
    root.linkAt({}, "dir/mine", root, "mine");
    return root.openAt(FOLLOW, "mine", {}, WRITE);
  },
  "make a link lead out by moving its directory": (root) => {
    root.renameAt("dir/deep", root, "deep");
    return root.openAt(FOLLOW, "deep/link-mount/secret.txt", {}, READ);
  },
  "get out of a directory that it moved": (root) => {
    const deep = root.openAt({}, "dir/deep", {}, {});
    root.renameAt("dir", root, "moved");
    return deep.openAt({}, "../../../secret.txt", {}, READ);
  },
  "get out of a directory that it replaced by a link": (root) => {
    root.createDirectoryAt("new");
    const opened = root.openAt({}, "new", {}, {});
    root.removeDirectoryAt("new");
    root.symlinkAt("..", "new");
    return opened.openAt({}, "secret.txt", {}, READ);
  },
  "list a directory that it replaced by a link": (root) => {
    root.createDirectoryAt("new");
    const opened = root.openAt({}, "new", {}, {});
    root.removeDirectoryAt("new");
    root.renameAt("link-out-dir", root, "new");
    return opened.readDirectory();
  },
};

for (const [name, sequence] of Object.entries(SEQUENCES)) {
  Deno.test(`a guest cannot ${name}`, () => {
    using mount = new MountFixture();
    const before = outside(mount);
    const error = thrown(() => sequence(mount.writable));
    assert.ok(error === "not-permitted" || error === "not-directory", String(error));
    assert.deepEqual(outside(mount), before);
  });
}

/** Makes attempts as a real guest in a locked worker. */
async function asGuest(
  attempts: readonly Attempt[],
  at: At,
  { claimed, granted }: { readonly claimed: Mount; readonly granted: readonly Mount[] },
): Promise<ReadonlyMap<string, unknown>> {
  const actions = attempts.map(({ method, args }) => ({ method, args: args(at) }));
  await using executor = await startWorker(executorSpec(await compiledGuest("qjs-probe"), {
    grant: {
      ...NO_GRANT,
      environment: { PROBE: JSON.stringify(actions) },
      mounts: [claimed],
    },
    permissions: denoPermissions({
      componentId: "tested",
      environment: {},
      mounts: granted,
      allowedHosts: AllowedHosts.parse([]),
      allowedInbound: AllowedInbound.parse([]),
    }),
  }));
  const result = await executor.call({ export: HANDLE, args: ["now"] });
  assert.ok(result.ok, Deno.inspect(result));
  const outcomes: unknown[] = JSON.parse(String(result.value));
  assert.equal(outcomes.length, attempts.length);
  return new Map(attempts.map(({ name }, index) => [name, outcomes[index]]));
}

function mountAt(hostPath: string, writable: boolean): Mount {
  return { hostPath, guestPath: "/", writable };
}

Deno.test("a real guest in a locked worker cannot do any of it either", async () => {
  using mount = new MountFixture();
  const before = outside(mount);
  const claimed = mountAt(mount.path, true);
  const outcomes = await asGuest(ATTEMPTS, (path) => path, { claimed, granted: [claimed] });
  for (const { name, expected } of ATTEMPTS) {
    assert.deepEqual(outcomes.get(name), { error: expected }, name);
  }
  assert.deepEqual(outside(mount), before);
});

Deno.test("a real guest in a locked worker can change its mount, but makes no symbolic link", async () => {
  using mount = new MountFixture();
  const claimed = mountAt(mount.path, true);
  const allowed: readonly Attempt[] = [
    create("create", "dir/new.txt", ""),
    open("write", "link-file", ""),
    change("make a directory", "createDirectoryAt", (at) => [at("new")]),
    change("move", "renameAt", (at) => [at("dir/b.txt"), "ROOT", at("new/b.txt")]),
    change("move a link", "renameAt", (at) => [at("link-out"), "ROOT", at("new/link-out")]),
    change("link", "linkAt", (at) => [{}, at("a.txt"), "ROOT", at("new/hard.txt")]),
    change("set times", "setTimesAt", (at) => [FOLLOW, at("link-file"), NOW, NOW]),
    change("set times of a link", "setTimesAt", (at) => [{}, at("link-out-dir"), NOW, NOW]),
    change("remove", "unlinkFileAt", (at) => [at("dir/new.txt")]),
  ];
  const link = change("make a link", "symlinkAt", (at) => ["a.txt", at("soft")]);
  const outcomes = await asGuest([...allowed, link], (path) => path, {
    claimed,
    granted: [claimed],
  });
  for (const { name } of allowed) {
    assert.deepEqual(Object.keys(outcomes.get(name) as object), ["ok"], Deno.inspect(outcomes));
  }
  assert.deepEqual(outcomes.get(link.name), { error: "not-permitted" });
  assert.equal(Deno.readTextFileSync(`${mount.path}/new/hard.txt`), "xello");
});

/** Attempts that make the first wall, with its hole, ask Deno for something outside. */
const REACHES_DENO = 25;

Deno.test("Deno's permissions alone keep a guest from changing what is outside", async () => {
  using mount = new MountFixture();
  const before = outside(mount);
  const changes = ATTEMPTS.filter(({ reads }) => !reads);
  // The first wall takes all that is around the mount for the mount.
  const outcomes = await asGuest(
    changes,
    (path) => path.startsWith("/") ? path : `mount/${path}`,
    {
      claimed: mountAt(mount.around, true),
      granted: [mountAt(mount.around, false), mountAt(mount.path, true)],
    },
  );
  let denied = 0;
  for (const { name, method } of changes) {
    const outcome = outcomes.get(name) as { error?: string };
    // To open a directory changes nothing, and reading was granted.
    if (method === "openAt" && name.startsWith("open ")) continue;
    assert.deepEqual(Object.keys(outcome), ["error"], name);
    if (outcome.error === "access") denied += 1;
  }
  assert.ok(denied >= REACHES_DENO, `${denied} attempts of ${changes.length} reached Deno`);
  assert.deepEqual(outside(mount), before);
});

Deno.test("Deno's permissions alone keep a guest from reading what is outside", async () => {
  using mount = new MountFixture();
  const outcomes = await asGuest(
    ATTEMPTS,
    (path) => path.startsWith("/") ? path : `mount/${path}`,
    { claimed: mountAt(mount.around, true), granted: [mountAt(mount.path, true)] },
  );
  for (const { name } of ATTEMPTS) {
    const outcome = outcomes.get(name) as { error?: string };
    assert.deepEqual(Object.keys(outcome), ["error"], name);
    assert.ok(!JSON.stringify(outcome).includes(SECRET), name);
  }
});

Deno.test("no error tells a guest where on the host its mount is", async () => {
  using mount = new MountFixture();
  const claimed = mountAt(mount.path, true);
  const outcomes = await asGuest(ATTEMPTS, (path) => path, { claimed, granted: [claimed] });
  assert.ok(!JSON.stringify([...outcomes.values()]).includes(mount.around));
});
