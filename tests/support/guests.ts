/**
 * The guests that the tests run. They are built on demand and kept between runs.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { fingerprint } from "../../examples/toolchain/fingerprint.ts";
import type { GuestSpec } from "../../examples/toolchain/guest_spec.ts";

const REPOSITORY = new URL("../../", import.meta.url);
const TOOLCHAIN = new URL("examples/toolchain/", REPOSITORY);
const BUILDER = new URL("build_guest.ts", TOOLCHAIN);
const BUILDER_MAIN = new URL("build_guest_main.ts", TOOLCHAIN);
const KEY_LENGTH = 16;
const TIMER_WIT = "../../wit/timer.wit";

/** Every test guest; what each one does stands at the top of its source in `tests/guests/`. */
const GUESTS = {
  "wat-echo": wat("wat-echo"),
  "wat-count": wat("wat-count"),
  "wat-trap": wat("wat-trap"),
  "wat-div": wat("wat-div"),
  "wat-loop": wat("wat-loop"),
  "wat-recurse": wat("wat-recurse"),
  "wat-no-param": wat("wat-no-param", "wat-no-param.wit"),
  "wat-ok-result": wat("wat-ok-result", "wat-result.wit"),
  "wat-err-result": wat("wat-err-result", "wat-result.wit"),
  "wat-result-unit": wat("wat-err-result", "wat-unit-result.wit"),
  "wat-no-export": wat("wat-no-export", "wat-no-export.wit"),
  "wat-wrong-signature": wat("wat-wrong-signature", "wat-wrong-signature.wit"),
  "wat-unknown-import": wat("wat-unknown-import", "wat-unknown-import.wit"),
  "wat-exit": wat("wat-exit", "wat-exit.wit"),
  "wat-stdout": wat("wat-stdout", "wat-stdout.wit"),
  "wat-sleep": wat("wat-sleep", "wat-sleep.wit"),
  "wat-sleep-long": wat("wat-sleep-long", "wat-sleep.wit"),
  "wat-two-versions": {
    engine: "wat",
    source: inGuests("wat-two-versions.wat"),
  },
  "wat-run": wat("wat-run", "wat-run.wit"),
  "wat-run-fail": wat("wat-run-fail", "wat-run.wit"),
  "wat-run-trap": wat("wat-run-trap", "wat-run.wit"),
  "wat-run-exit": wat("wat-run-exit", "wat-run-exit.wit"),
  "wat-preview-one": { engine: "wat", source: inGuests("wat-preview-one.wat") },
  "qjs-command": script("qjs", "qjs-command", "qjs-command.wit"),
  "qjs-echo": script("qjs", "qjs-echo", "qjs-echo.wit"),
  "qjs-throw": script("qjs", "qjs-throw"),
  "qjs-work": script("qjs", "qjs-work"),
  "qjs-simulated": script("qjs", "qjs-simulated", "qjs-simulated.wit"),
  "qjs-probe": script("qjs", "qjs-probe", "qjs-probe.wit"),
  "sm-echo": script("starlingmonkey", "sm-echo"),
  "sm-fetch": script("starlingmonkey", "sm-fetch"),
  "example-fetcher": {
    engine: "starlingmonkey",
    source: new URL("examples/http-fetch/src/main.ts", REPOSITORY),
    wit: new URL("examples/http-fetch/wit/fetcher.wit", REPOSITORY),
  },
} as const satisfies Readonly<Record<string, GuestSpec>>;

/** The name of a test guest. */
export type GuestName = keyof typeof GUESTS;

/** The names of all test guests. */
export const guestNames: readonly GuestName[] = Object.freeze(
  Object.keys(GUESTS) as GuestName[],
);

/**
 * Gives a built test guest. It is built only if no build of the same sources with the same engine
 * is in the directory `GYRE_BUILD_DIR`, by default `build/guests`.
 *
 * @param name Which guest.
 * @returns The absolute path of the component.
 */
export async function guest(name: GuestName): Promise<string> {
  const spec: GuestSpec = GUESTS[name];
  const key = (await fingerprint(spec, [BUILDER])).slice(0, KEY_LENGTH);
  // The file's own name is the guest's, since a component without a manifest is named after it.
  const directory = `${buildDirectory()}/${key}`;
  const path = `${directory}/${name}.wasm`;
  if (await exists(path)) return path;

  await Deno.mkdir(directory, { recursive: true });
  // Test processes share the directory: none may see half a file of another.
  const scratch = await Deno.makeTempFile({ dir: directory, suffix: ".part" });
  await buildApart(spec, scratch);
  await Deno.rename(scratch, path);
  return path;
}

async function buildApart(spec: GuestSpec, output: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", "--quiet", BUILDER_MAIN.href, output, spec.engine],
      spec.source.href,
      ...(spec.wit === undefined ? [] : [spec.wit.href]),
    ],
    cwd: REPOSITORY,
  }).output();
  if (success) return;
  throw new Error(
    `Guest ${spec.source} was not built:\n${new TextDecoder().decode(stderr)}`,
  );
}

function buildDirectory(): string {
  return Deno.env.get("GYRE_BUILD_DIR") ??
    fileURLToPath(new URL("build/guests", REPOSITORY));
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function wat(source: string, wit: string = TIMER_WIT): GuestSpec {
  return {
    engine: "wat",
    source: inGuests(`${source}.wat`),
    wit: inGuests(wit),
  };
}

function script(
  engine: "qjs" | "starlingmonkey",
  source: string,
  wit: string = TIMER_WIT,
): GuestSpec {
  return { engine, source: inGuests(`${source}.ts`), wit: inGuests(wit) };
}

function inGuests(path: string): URL {
  return new URL(path, new URL("tests/guests/", REPOSITORY));
}
