import assert from "node:assert/strict";
import { relative } from "node:path";
import { ManifestError } from "../../src/errors.ts";
import { MANIFEST_CODES } from "../../src/manifest/error_codes.ts";
import { formatManifestError, formatManifestIssue } from "../../src/manifest/format_issues.ts";
import { readManifest, type SourceProbe } from "../../src/manifest/read_manifest.ts";
import { cronSchema } from "../../src/triggers/cron/cron_schema.ts";
import { timerSchema } from "../../src/triggers/timer/timer_schema.ts";

// Each case is a manifest beside what comes of it: `<case>.json` holds the model, `<case>.err` the
// text of the problems, `<case>.warn` that of the warnings. UPDATE_GOLDEN=1 writes them anew.
const CASES = new URL("../manifest_ui/", import.meta.url);
const FILES = new URL("files/", CASES);
const BASE_DIR = "/app";

const probe: SourceProbe = {
  async kindOf(path) {
    const url = new URL(relative(BASE_DIR, path).replaceAll("\\", "/"), FILES);
    try {
      return (await Deno.stat(url)).isDirectory ? "directory" : "file";
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  },
};

/** What comes of a case, by the extension of the file that holds it. */
type Golden = Readonly<Partial<Record<"json" | "err" | "warn", string>>>;

const EXTENSIONS = ["json", "err", "warn"] as const;

for (const name of caseNames()) {
  Deno.test(`readManifest() gives the golden result for ${name}`, async () => {
    const actual = await run(name);
    for (const extension of EXTENSIONS) {
      const golden = new URL(`${name}.${extension}`, CASES);
      const text = actual[extension];
      if (Deno.env.get("UPDATE_GOLDEN") === "1") await write(golden, text);
      assert.equal(text, await read(golden), `${name}.${extension}`);
    }
  });
}

Deno.test("The golden cases cover every code", async () => {
  const seen = new Set<string>();
  for (const name of caseNames()) {
    for (const text of Object.values(await run(name))) {
      for (const [code] of text.matchAll(/(?:ERR|WARN)_[A-Z_]+/g)) {
        seen.add(code);
      }
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(MANIFEST_CODES).sort());
});

function caseNames(): string[] {
  return [...Deno.readDirSync(CASES)]
    .filter(({ name }) => name.endsWith(".toml"))
    .map(({ name }) => name.replace(/\.toml$/, ""))
    .sort();
}

async function run(name: string): Promise<Golden> {
  const text = await Deno.readTextFile(new URL(`${name}.toml`, CASES));
  try {
    const { application, warnings } = await readManifest(text, {
      origin: `${name}.toml`,
      baseDir: BASE_DIR,
      triggerTypes: [cronSchema, timerSchema],
      probe,
    });
    return {
      json: `${JSON.stringify(application, null, 2)}\n`,
      ...(warnings.length > 0 && {
        warn: `${warnings.map(formatManifestIssue).join("\n\n")}\n`,
      }),
    };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { err: `${formatManifestError(error)}\n` };
  }
}

async function read(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function write(file: URL, text: string | undefined): Promise<void> {
  if (text !== undefined) return await Deno.writeTextFile(file, text);
  if (await read(file) !== undefined) await Deno.remove(file);
}
