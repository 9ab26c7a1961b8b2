import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
/** The custom section at the end of a built script: 3 bytes, its name, and a SHA-256 in hex. */
const FINGERPRINT_LENGTH = 3 + "source-fingerprint".length + 64;
const EXAMPLES = `${REPOSITORY}examples`;

interface CheckResult {
  readonly code: number;
  readonly complaints: readonly string[];
}

async function check(directory: string): Promise<CheckResult> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", "--quiet", `${EXAMPLES}/toolchain/build_examples.ts`],
      ...["--check", "--directory", directory],
    ],
    cwd: REPOSITORY,
  }).output();
  const complaints = new TextDecoder().decode(stderr).split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/;.*/, ""));
  return { code, complaints };
}

Deno.test("build_examples.ts --check passes when the examples are as committed", async () => {
  assert.deepEqual(await check(EXAMPLES), { code: 0, complaints: [] });
});

Deno.test("build_examples.ts --check names each component that its sources do not make", async () => {
  const copy = await mkdtemp(`${tmpdir()}/gyre-examples-`);
  try {
    await cp(EXAMPLES, copy, { recursive: true, filter: (path) => !path.endsWith("/.gyre") });
    await Deno.writeTextFile(`${copy}/hello-timer/src/main.ts`, "\n", {
      append: true,
    });
    await replaceAll(
      `${copy}/two-timers/heartbeat/heartbeat.wat`,
      "alive at ",
      "ALIVE AT ",
    );
    const greeter = `${copy}/two-timers/greeter/greeter.wasm`;
    const fingerprint = (await Deno.readFile(greeter)).slice(
      -FINGERPRINT_LENGTH,
    );
    await Deno.writeFile(
      greeter,
      await Deno.readFile(`${EXAMPLES}/two-timers/heartbeat/heartbeat.wasm`),
    );
    await Deno.writeFile(greeter, fingerprint, { append: true });

    assert.deepEqual(await check(copy), {
      code: 1,
      complaints: [
        "hello-timer/hello.wasm was built from other sources",
        "two-timers/greeter/greeter.wasm has another world than its build",
        "two-timers/heartbeat/heartbeat.wasm differs from its build",
      ],
    });
  } finally {
    await rm(copy, { recursive: true });
  }
});

for (
  const copy of ["hello-timer/wit/timer.wit", "two-timers/heartbeat/timer.wit"]
) {
  Deno.test(`examples/${copy} is the timer world`, async () => {
    assert.equal(
      await Deno.readTextFile(`${EXAMPLES}/${copy}`),
      await Deno.readTextFile(`${REPOSITORY}wit/timer.wit`),
    );
  });
}

async function replaceAll(
  path: string,
  from: string,
  to: string,
): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert.ok(text.includes(from));
  await Deno.writeTextFile(path, text.replaceAll(from, to));
}
