import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { tempDirectory } from "../loader/temp_directory.ts";
import { guest, type GuestName } from "../support/guests.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

interface Run {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** Runs `gyre run` with bytes on its stdin. */
async function run(args: readonly string[], stdin?: Uint8Array<ArrayBuffer>): Promise<Run> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", CLI, "run", ...args],
    env: { NO_COLOR: "1" },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = stdin === undefined ? undefined : new Blob([stdin]).stream().pipeTo(child.stdin);
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), fed]);
  return { code, stdout, stderr: new TextDecoder().decode(stderr) };
}

function textOf({ stdout }: Run): string {
  return new TextDecoder().decode(stdout);
}

async function command(...args: string[]): Promise<readonly string[]> {
  return [await guest("qjs-command"), ...args];
}

Deno.test("run gives a command its own name and its arguments, whatever they look like", async () => {
  const { code, stderr, ...rest } = await run(
    await command("--", "arguments", "--env", "-x", "a b"),
  );
  assert.equal(code, 0, stderr);
  assert.equal(
    textOf({ code, stderr, ...rest }),
    '["qjs-command.wasm","arguments","--env","-x","a b"]\n',
  );
  assert.equal(
    textOf(await run(await command("arguments", "b"))),
    '["qjs-command.wasm","arguments","b"]\n',
  );
});

Deno.test("run gives a command the environment of --env and nothing of the process", async () => {
  const result = await run(["-e", "A=1", "--env", "B=x=y", ...await command("environment")]);
  assert.equal(textOf(result), '[["A","1"],["B","x=y"]]\n');
});

Deno.test("run passes stdin, however long, and stdout through as bytes", async () => {
  const bytes = new Uint8Array(1_000_003);
  for (let index = 0; index < bytes.length; index++) bytes[index] = index * 7 + (index >> 8);
  const { code, stdout, stderr } = await run(await command("cat"), bytes);
  assert.equal(code, 0, stderr);
  assert.ok(Buffer.from(stdout).equals(bytes));
  const empty = await run(await command("cat"), new Uint8Array(0));
  assert.deepEqual([empty.code, empty.stdout.length], [0, 0]);
});

Deno.test("run writes what is no text, and what ends without a line break, as it is", async () => {
  const { stdout } = await run(await command("bytes"));
  assert.deepEqual([...stdout], Array.from({ length: 256 }, (_, index) => index));
  const complaint = await run(await command("complain"));
  assert.deepEqual([complaint.stdout.length, complaint.stderr], [0, "\ufffde\n"]);
});

const EXITS:
  readonly (readonly [guest: GuestName, args: string[], code: number, stderr: RegExp])[] = [
    ["qjs-command", ["exit", "42"], 42, /^$/],
    ["qjs-command", ["exit-ok"], 0, /^$/],
    ["qjs-command", ["exit-err"], 1, /^$/],
    ["wat-run", [], 0, /^$/],
    ["wat-run-exit", [], 0, /^$/],
    ["wat-run-fail", [], 1, /^$/],
    ["wat-run-trap", [], 134, /^error: trap: .*unreachable.*\n {4}at /],
    ["wat-preview-one", ["x"], 7, /^$/],
    ["wat-preview-one", ["t"], 134, /^error: trap: .*unreachable/],
  ];

for (const [name, args, code, stderr] of EXITS) {
  Deno.test(`run ends with ${code} when ${[name, ...args].join(" ")} is run`, async () => {
    const result = await run([await guest(name), ...args]);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr.replace(/^Preparing .*\n/, ""), stderr);
  });
}

Deno.test("run lets a command see a directory, and change it unless it is read-only", async () => {
  await using dir = await tempDirectory();
  await dir.write("in.txt", "some text");
  const at = async (flags: string[], ...args: string[]) =>
    await run([...flags.flatMap((flag) => ["--dir", flag]), ...await command(...args)]);
  assert.equal(textOf(await at([`${dir.path}::/d:ro`], "read", "/d/in.txt")), "some text");
  assert.equal((await at([`${dir.path}::/d:ro`], "write", "/d/in.txt", "no")).code, 1);
  assert.equal((await at([`${dir.path}::/d`], "write", "/d/out.txt", "new")).code, 0);
  assert.equal(await Deno.readTextFile(join(dir.path, "out.txt")), "new");
  assert.equal(await Deno.readTextFile(join(dir.path, "in.txt")), "some text");
  assert.equal(
    textOf(await at([`${dir.path}::/a/`, `${dir.path}::/b:ro`], "preopens")),
    '["/a","/b"]\n',
  );
});

Deno.test("run adapts a core module for WASI preview 1", async () => {
  const module = await guest("wat-preview-one");
  await using dir = await tempDirectory();
  await dir.write("file.txt", "from a file");
  const all = await run(["-e", "A=1", "-e", "B=2", module, "all", "two words"]);
  assert.equal(all.code, 0, all.stderr);
  assert.equal(textOf(all), "wat-preview-one.wasm\0all\0two words\0A=1\0B=2\0");
  const read = await run(["--dir", `${dir.path}::/x:ro`, module, "read"]);
  assert.equal(textOf(read), "from a file");
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const { stdout } = await run([module, "copy"], bytes);
  assert.ok(Buffer.from(stdout).equals(bytes));
});

Deno.test("run says once what a command was refused, and which option allows it", async () => {
  const denied = await run(await command("resolve", "example.test"));
  assert.equal(denied.code, 1);
  assert.match(denied.stderr, /^warning: not allowed to .*example\.test/m);
  assert.match(denied.stderr, /add --allow-host "[^"]*example\.test[^"]*"/);
  const flags = ["--allow-host", "*://example.test:*"];
  assert.equal(
    textOf(await run([...flags, ...await command("resolve", "example.test")])),
    "allowed\n",
  );
});

Deno.test("run ends a command that takes longer than --timeout with 124", async () => {
  const result = await run(["--timeout", "200ms", ...await command("sleep")]);
  assert.equal(result.code, 124);
  assert.equal(textOf(result), "asleep\n");
  assert.match(result.stderr, /^error: timeout: .*200 ms/m);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`run ends a command on ${signal} with 130`, async () => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", CLI, "run", ...await command("sleep")],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assert.equal(new TextDecoder().decode(value), "asleep\n");
    child.kill(signal);
    assert.equal((await child.status).code, 130);
    assert.equal(await new Response(child.stderr).text(), "");
    await reader.cancel();
  });
}

Deno.test("run says what is wrong with its arguments, and ends with 2", async () => {
  const file = await guest("wat-run");
  const cases: readonly [args: string[], text: RegExp][] = [
    [[], /missing required argument 'file'/],
    [[file, "--wat"], /unknown option '--wat'/],
    [[file, "--dir", "src"], /HOST::GUEST/],
    [[file, "--dir", "src::relative"], /absolute GUEST/],
    [[file, "--dir", ".::/a", "--dir", "src::/a/"], /cannot both be \/a/],
    [[file, "--env", "NAME"], /NAME=VALUE/],
    [[file, "--timeout", "soon"], /duration such as/],
    [[file, "--memory", "1B"], /64KiB/],
  ];
  for (const [args, text] of cases) {
    const { code, stderr, stdout } = await run(args);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, text);
    assert.equal(stdout.length, 0);
  }
});

Deno.test("run says what it cannot run, and ends with 1", async () => {
  await using dir = await tempDirectory();
  await dir.write("text.wasm", "no Wasm");
  const file = await guest("wat-run");
  const cases: readonly [args: string[], text: RegExp][] = [
    [[join(dir.path, "absent.wasm")], /ERR_SOURCE_NOT_FOUND/],
    [[join(dir.path, "text.wasm")], /ERR_NOT_WASM/],
    [[dir.path], /ERR_SOURCE_NOT_A_FILE/],
    [[file, "--dir", `${dir.path}/absent::/a`], /ERR_DIRECTORY/],
    [[file, "--dir", `${dir.path}/text.wasm::/a`], /ERR_DIRECTORY.*is no directory/],
    [[file, "--allow-host", "not a host"], /ERR_ALLOWED_HOST/],
    [[file, "--allow-inbound", "nowhere"], /ERR_ALLOWED_INBOUND/],
    [[await guest("wat-echo")], /ERR_NO_ENTRY_POINT/],
  ];
  for (const [args, text] of cases) {
    const { code, stderr, stdout } = await run(args);
    assert.equal(code, 1, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, text);
    assert.doesNotMatch(stderr, /ERR_INTERNAL/);
    assert.equal(stdout.length, 0);
  }
});

Deno.test("run leaves the rest when nobody reads its stdout any more", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", CLI, "run", ...await command("cat")],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new Uint8Array(100));
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  await writer.write(new Uint8Array(100)).catch(() => {}); // it may be gone already
  assert.equal((await child.status).code, 130);
  assert.doesNotMatch(await new Response(child.stderr).text(), /ERR_INTERNAL/);
  await writer.close().catch(() => {}); // likewise
});
