import assert from "node:assert/strict";
import { join, relative } from "node:path";
import type { Component, FileGrant } from "../../src/app/application.ts";
import { LoadError } from "../../src/errors.ts";
import { stageFiles } from "../../src/loader/stage_files.ts";
import { componentOf } from "../support/component.ts";
import { capturedLogs } from "./captured_logs.ts";
import { type TempDirectory, tempDirectory } from "./temp_directory.ts";

const IS_WINDOWS = Deno.build.os === "windows";

/** A `files` entry as a manifest has it: a pattern, or source and destination. */
type Grant = string | readonly [source: string, destination: string];

function componentWith(
  files: readonly Grant[],
  excludeFiles: readonly string[] = [],
): Component {
  const grants = files.map((grant): FileGrant =>
    typeof grant === "string"
      ? { kind: "pattern", pattern: grant }
      : { kind: "mount", source: grant[0], destination: grant[1], writable: false }
  );
  return componentOf("hello", { files: grants, excludeFiles });
}

/** Makes an application whose files hold their own path, and gives its directory's name. */
async function makeApp(dir: TempDirectory, names: readonly string[]) {
  for (const name of names) await dir.write(join("app", name), name);
  await Deno.mkdir(join(dir.path, "app"), { recursive: true });
  return join(dir.path, "app");
}

/** Gives the guest's files and their content. */
async function contentOf(
  directory: string,
  root = directory,
): Promise<Readonly<Record<string, string>>> {
  const content: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) Object.assign(content, await contentOf(path, root));
    else content[relative(root, path)] = await Deno.readTextFile(path);
  }
  return content;
}

async function failureOf(
  dir: TempDirectory,
  component: Component,
): Promise<LoadError> {
  const into = join(dir.path, "into");
  try {
    await stageFiles({ component, baseDir: join(dir.path, "app"), into });
  } catch (error) {
    assert.ok(error instanceof LoadError, String(error));
    return error;
  }
  assert.fail("Nothing was thrown");
}

const TREE = [
  "a.txt",
  ".env",
  ".gyre/logs/one.js",
  "one.js",
  "static/a.txt",
  "static/b.js",
  "static/.hidden",
  "static/deep/c.txt",
  "static/deep/d.js",
  "other/[x].txt",
];

const STAGED: readonly (readonly [
  name: string,
  files: readonly Grant[],
  excludeFiles: readonly string[],
  expected: Readonly<Record<string, string>>,
])[] = [
  ["a file", ["static/a.txt"], [], { "static/a.txt": "static/a.txt" }],
  ["a file with ./", ["./a.txt"], [], { "a.txt": "a.txt" }],
  ["a directory", ["static/deep"], [], {
    "static/deep/c.txt": "static/deep/c.txt",
    "static/deep/d.js": "static/deep/d.js",
  }],
  ["a directory with a slash", ["static/deep/"], ["**/*.js"], {
    "static/deep/c.txt": "static/deep/c.txt",
  }],
  ["a star within one directory, dot files too", ["static/*"], [], {
    "static/a.txt": "static/a.txt",
    "static/b.js": "static/b.js",
    "static/.hidden": "static/.hidden",
  }],
  ["a star for a directory", ["*/a.txt"], [], {
    "static/a.txt": "static/a.txt",
  }],
  ["two stars for any depth, also none", ["**/*.js"], [], {
    "one.js": "one.js",
    "static/b.js": "static/b.js",
    "static/deep/d.js": "static/deep/d.js",
  }],
  ["two stars in the middle and at the end", ["static/**/deep/**"], [], {
    "static/deep/c.txt": "static/deep/c.txt",
    "static/deep/d.js": "static/deep/d.js",
  }],
  ["a set and a question mark", ["static/[!b-z].tx?"], [], {
    "static/a.txt": "static/a.txt",
  }],
  ["a name that looks like a glob", ["other/[x].txt"], [], {
    "other/[x].txt": "other/[x].txt",
  }],
  ["a file elsewhere", [["a.txt", "/etc/motd"]], [], { "etc/motd": "a.txt" }],
  ["a directory elsewhere", [["static/deep", "/data/"]], [], {
    "data/c.txt": "static/deep/c.txt",
    "data/d.js": "static/deep/d.js",
  }],
  ["a directory at the root", [["static/deep", "/"]], [], {
    "c.txt": "static/deep/c.txt",
    "d.js": "static/deep/d.js",
  }],
  ["the application at the root", [[".", "/"]], ["[!a]*", "?", "other/**"], {
    "a.txt": "a.txt",
  }],
  [
    "the later of two for one path",
    [
      ["a.txt", "/x"],
      ["one.js", "/x"],
    ],
    [],
    { x: "one.js" },
  ],
  ["nothing that an exclusion names", ["static"], [
    "static/*.js",
    "./static/.hidden",
  ], {
    "static/a.txt": "static/a.txt",
    "static/deep/c.txt": "static/deep/c.txt",
  }],
  ["nothing in an excluded directory", ["static/**/*", "a.txt"], [
    "static/deep",
  ], {
    "a.txt": "a.txt",
    "static/a.txt": "static/a.txt",
    "static/b.js": "static/b.js",
    "static/.hidden": "static/.hidden",
  }],
  [
    "nothing excluded under another name",
    [
      ["static/deep/c.txt", "/c"],
      ["static", "/s"],
    ],
    ["static/deep/**", "**/*.js", "**/.*"],
    { "s/a.txt": "static/a.txt" },
  ],
];

for (const [name, files, excludeFiles, expected] of STAGED) {
  Deno.test(`stageFiles() copies ${name}`, async () => {
    await using dir = await tempDirectory();
    const into = join(dir.path, "into");
    const staged = await stageFiles({
      component: componentWith(files, excludeFiles),
      baseDir: await makeApp(dir, TREE),
      into,
    });
    assert.deepEqual(await contentOf(into), expected);
    assert.deepEqual(staged, {
      fileCount: Object.keys(expected).length,
      bytes: Object.values(expected).join("").length,
      mounts: [{ hostPath: into, guestPath: "/", writable: false }],
    });
  });
}

Deno.test("stageFiles() gives no mount when the component has no files", async () => {
  const component = componentWith([]);
  assert.deepEqual(
    await stageFiles({ component, baseDir: "/nowhere", into: "/nowhere" }),
    { fileCount: 0, bytes: 0, mounts: [] },
  );
});

Deno.test("stageFiles() copies hundreds of files and adds up their bytes", async () => {
  await using dir = await tempDirectory();
  const names = Array.from({ length: 300 }, (_, n) => `d${n % 7}/${n}.txt`);
  const into = join(dir.path, "into");
  const staged = await stageFiles({
    component: componentWith(["**/*.txt"]),
    baseDir: await makeApp(dir, names),
    into,
  });
  assert.equal(staged.fileCount, 300);
  assert.equal(staged.bytes, names.join("").length);
  assert.equal(Object.keys(await contentOf(into)).length, 300);
});

Deno.test("stageFiles() warns when a glob matches nothing", async () => {
  await using dir = await tempDirectory();
  await using logs = await capturedLogs();
  const staged = await stageFiles({
    component: componentWith(["static/*.png"]),
    baseDir: await makeApp(dir, TREE),
    into: join(dir.path, "into"),
  });
  assert.equal(staged.fileCount, 0);
  assert.equal(staged.mounts.length, 1);
  assert.equal(logs.records.length, 1);
});

Deno.test({
  name: "stageFiles() makes copies private",
  ignore: IS_WINDOWS,
  async fn() {
    await using dir = await tempDirectory();
    const baseDir = await makeApp(dir, ["bin/tool"]);
    await Deno.chmod(join(baseDir, "bin/tool"), 0o755);
    const into = join(dir.path, "into");
    await Deno.mkdir(into, { mode: 0o755 });
    await stageFiles({ component: componentWith(["bin"]), baseDir, into });
    const modes = await Promise.all(
      ["", "bin", "bin/tool"].map(async (name) =>
        ((await Deno.stat(join(into, name))).mode ?? 0) & 0o777
      ),
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600]);
  },
});

const REFUSED: readonly (readonly [
  code: string,
  name: string,
  files: readonly Grant[],
  excludeFiles?: readonly string[],
])[] = [
  ["ERR_FILE_NOT_FOUND", "a path is missing", ["nothing.txt"]],
  ["ERR_FILE_NOT_FOUND", "a source is missing", [["nothing", "/x"]]],
  ["ERR_FILE_NOT_FOUND", "a path goes through a file", ["a.txt/b"]],
  ["ERR_FILE_OUTSIDE", "a path leads out", ["../secret.txt"]],
  ["ERR_FILE_OUTSIDE", "a hidden path leads out", ["static/../../secret.txt"]],
  ["ERR_FILE_OUTSIDE", "a glob leads out", ["../*.txt"]],
  ["ERR_FILE_OUTSIDE", "a path is absolute", ["/etc/passwd"]],
  ["ERR_FILE_OUTSIDE", "a glob is absolute", ["/etc/*"]],
  ["ERR_FILE_OUTSIDE", "a source leads out", [["../secret.txt", "/x"]]],
  ["ERR_FILE_OUTSIDE", "a source is the parent", [["..", "/x"]]],
  ["ERR_FILE_PATTERN", "a pattern is a dot", ["."]],
  ["ERR_FILE_PATTERN", "a pattern ends in dots", ["static/.."]],
  ["ERR_FILE_PATTERN", "a pattern ends in a dot and slash", ["static/./"]],
  ["ERR_FILE_PATTERN", "a set is open", ["static/[a"]],
  ["ERR_FILE_PATTERN", "two stars are not alone", ["static/**.txt"]],
  ["ERR_FILE_PATTERN", "an exclusion is no glob", ["a.txt"], ["b**"]],
  ["ERR_FILE_DESTINATION", "a file is put at the root", [["a.txt", "/"]]],
  ["ERR_FILE_DESTINATION", "a file is put at a directory", [["a.txt", "/d/"]]],
  ["ERR_FILE_DESTINATION", "a destination is relative", [["a.txt", "x"]]],
  ["ERR_FILE_DESTINATION", "a destination leads up", [["a.txt", "/../x"]]],
  ["ERR_FILE_DESTINATION", "a destination is a dot", [["a.txt", "/x/."]]],
  ["ERR_FILE_DESTINATION", "a destination has backslashes", [
    ["a.txt", "/..\\x"],
  ]],
  ["ERR_FILE_CONFLICT", "a file is a directory too", [
    ["a.txt", "/x"],
    ["static", "/x"],
  ]],
];

for (const [code, name, files, excludeFiles] of REFUSED) {
  Deno.test(`stageFiles() throws ${code} when ${name}`, async () => {
    await using dir = await tempDirectory();
    await makeApp(dir, TREE);
    await dir.write("secret.txt", "secret");
    const error = await failureOf(dir, componentWith(files, excludeFiles));
    assert.equal(error.code, code);
    assert.match(error.message, /component "hello"/);
  });
}

/** Makes an application with links that stay inside and links that lead out. */
async function makeLinks(
  dir: TempDirectory,
  links: Readonly<Record<string, string>>,
): Promise<string> {
  await dir.write("outside/secret.txt", "secret");
  const app = await makeApp(dir, ["real/a.txt", "real/b.txt", "x/keep.txt"]);
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, join(app, name));
  }
  return app;
}

const LINKS: readonly (readonly [
  name: string,
  links: Readonly<Record<string, string>>,
  files: readonly Grant[],
  excludeFiles: readonly string[],
  expected: readonly string[] | "ERR_FILE_ESCAPES",
])[] = [
  ["follows a link to a file inside", { "x/l": "../real/a.txt" }, ["x"], [], [
    "x/keep.txt",
    "x/l",
  ]],
  ["follows a link to a directory inside", { "x/l": "../real" }, ["x"], [], [
    "x/keep.txt",
    "x/l/a.txt",
    "x/l/b.txt",
  ]],
  ["follows a named link inside", { l: "real" }, ["l/a.txt"], [], ["l/a.txt"]],
  [
    "ends at a link to a directory above",
    {
      "x/l": "..",
      "real/l": "../x",
    },
    ["x", "real/**/*"],
    [],
    [
      "x/keep.txt",
      "real/a.txt",
      "real/b.txt",
      "real/l/keep.txt",
    ],
  ],
  ["leaves out a link to itself", { "x/l": "l" }, ["x/*"], [], ["x/keep.txt"]],
  ["leaves out a link to nothing", { "x/l": "gone" }, ["x"], [], [
    "x/keep.txt",
  ]],
  [
    "leaves out an excluded link that leads out",
    {
      "x/l": "../../outside",
    },
    ["x"],
    ["x/l/**"],
    ["x/keep.txt"],
  ],
  [
    "leaves out a file whose target is excluded",
    {
      "x/l": "../real/a.txt",
      "x/d": "../real",
    },
    ["x"],
    ["real/a.*"],
    ["x/keep.txt", "x/d/b.txt"],
  ],
  [
    "ignores a link that leads out and is not matched",
    {
      "x/l": "../../outside/secret.txt",
    },
    ["x/**/*.md", "x/keep.txt"],
    [],
    ["x/keep.txt"],
  ],
  [
    "refuses a link to a file outside",
    { "x/l": "../../outside/secret.txt" },
    ["x"],
    [],
    "ERR_FILE_ESCAPES",
  ],
  [
    "refuses a link to a directory outside",
    { "x/l": "../../outside" },
    ["x/**/*.txt"],
    [],
    "ERR_FILE_ESCAPES",
  ],
  [
    "refuses a named path through a link outside",
    { l: "../outside" },
    ["l/secret.txt"],
    [],
    "ERR_FILE_ESCAPES",
  ],
  [
    "refuses a source that is a link outside",
    { l: "../outside/secret.txt" },
    [["l", "/s"]],
    [],
    "ERR_FILE_ESCAPES",
  ],
  [
    "refuses a link to a directory whose name starts like the application's",
    { l: "../app-secrets" },
    ["l"],
    [],
    "ERR_FILE_ESCAPES",
  ],
];

for (const [name, links, files, excludeFiles, expected] of LINKS) {
  Deno.test({
    name: `stageFiles() ${name}`,
    ignore: IS_WINDOWS,
    async fn() {
      await using dir = await tempDirectory();
      await using _logs = await capturedLogs();
      await dir.write("app-secrets/s.txt", "secret");
      const baseDir = await makeLinks(dir, links);
      const component = componentWith(files, excludeFiles);
      if (expected === "ERR_FILE_ESCAPES") {
        const error = await failureOf(dir, component);
        assert.equal(error.code, expected);
        const target = /\/(?:outside|app-secrets)/;
        assert.match(error.message, target);
        assert.ok(
          Object.keys(links).some((link) => error.message.includes(`"${link}`)),
          error.message,
        );
        return;
      }
      const into = join(dir.path, "into");
      await stageFiles({ component, baseDir, into });
      const staged = Object.keys(await contentOf(into)).sort();
      assert.deepEqual(staged, [...expected].sort());
    },
  });
}

Deno.test({
  name: "stageFiles() follows the link that is the application's directory",
  ignore: IS_WINDOWS,
  async fn() {
    await using dir = await tempDirectory();
    await Deno.symlink(await makeApp(dir, TREE), join(dir.path, "link"));
    const into = join(dir.path, "into");
    await stageFiles({
      component: componentWith(["static/a.txt"]),
      baseDir: join(dir.path, "link"),
      into,
    });
    assert.deepEqual(Object.keys(await contentOf(into)), ["static/a.txt"]);
  },
});

for (const files of [["x"], ["x/socket"], [["x/socket", "/s"]]] as const) {
  Deno.test({
    name: `stageFiles() throws ERR_FILE_KIND when ${Deno.inspect(files)} comes to a socket`,
    ignore: IS_WINDOWS,
    async fn() {
      await using dir = await tempDirectory();
      const app = await makeApp(dir, ["x/a.txt"]);
      using _listener = Deno.listen({
        transport: "unix",
        path: join(app, "x/socket"),
      });
      const error = await failureOf(dir, componentWith(files));
      assert.equal(error.code, "ERR_FILE_KIND");
    },
  });
}

Deno.test("stageFiles() throws ERR_FILE_COPY when it cannot write", async () => {
  await using dir = await tempDirectory();
  await makeApp(dir, TREE);
  await dir.write("into", "a file where a directory should be");
  const error = await failureOf(dir, componentWith(["static"]));
  assert.equal(error.code, "ERR_FILE_COPY");
  assert.ok(error.cause instanceof Error);
});

Deno.test("stageFiles() throws ERR_FILE_UNREADABLE when there is no application directory", async () => {
  await using dir = await tempDirectory();
  const error = await failureOf(dir, componentWith(["static"]));
  assert.equal(error.code, "ERR_FILE_UNREADABLE");
});

Deno.test("stageFiles() rejects with the signal's reason when aborted", async () => {
  await using dir = await tempDirectory();
  const baseDir = await makeApp(dir, TREE);
  const controller = new AbortController();
  const reason = new Error("Stopped");
  const staging = stageFiles({
    component: componentWith(["**/*.txt"]),
    baseDir,
    into: join(dir.path, "into"),
    signal: controller.signal,
  });
  controller.abort(reason);
  await assert.rejects(staging, reason);
});
