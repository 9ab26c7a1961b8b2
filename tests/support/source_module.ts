/**
 * The project's own modules, as `deno info` sees them.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";

const REPOSITORY = new URL("../../", import.meta.url);
const ROOT_MODULES = ["mod.ts", "cli.ts"];

/** One module of the project, and what it imports. */
export interface SourceModule {
  /** The path from the repository's root, such as `src/clock.ts`. */
  readonly path: string;
  /** The source text. */
  readonly text: string;
  /** What it imports, dynamic imports and imports of types included. */
  readonly imports: readonly Import[];
}

/** One import of a module. */
export interface Import {
  /** A path from the repository's root, or the specifier of a package, such as `npm:zod@4`. */
  readonly target: string;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const resolved = z.union([
  z.object({ specifier: z.string() }),
  z.object({ error: z.string() }).transform(({ error }): never => {
    throw new Error(error);
  }),
]);
const graph = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    dependencies: z.array(z.object({
      code: resolved.optional(),
      type: resolved.optional(),
    })).default([]),
  })),
});

/**
 * Reads every module under `src/`, and the two at the root.
 *
 * @returns The modules, by path.
 */
export async function readSourceModules(): Promise<readonly SourceModule[]> {
  const own = new Set([...ROOT_MODULES, ...await listTypeScript("src")]);
  const { modules } = graph.parse(await describeGraph([...own]));
  const found = modules
    .map(({ specifier, dependencies }) => ({ path: toTarget(specifier), dependencies }))
    .filter(({ path }) => own.has(path))
    .sort((a, b) => a.path < b.path ? -1 : 1);
  return await Promise.all(found.map(async ({ path, dependencies }) => ({
    path,
    text: await Deno.readTextFile(new URL(path, REPOSITORY)),
    imports: dependencies.flatMap(({ code, type }) => {
      const target = code ?? type;
      if (target === undefined) return [];
      return [{ target: toTarget(target.specifier), typeOnly: code === undefined }];
    }),
  })));
}

async function describeGraph(paths: readonly string[]): Promise<unknown> {
  // `deno info` takes one module, so one is made that imports them all.
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = paths.map((path) => `import "${new URL(path, REPOSITORY)}";\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", "deno.json", entry],
      cwd: REPOSITORY,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(entry);
  }
}

async function listTypeScript(directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(new URL(directory, REPOSITORY))) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await listTypeScript(path));
    else if (path.endsWith(".ts")) paths.push(path);
  }
  return paths;
}

function toTarget(specifier: string): string {
  if (!specifier.startsWith(REPOSITORY.href)) return specifier;
  return fileURLToPath(specifier).slice(fileURLToPath(REPOSITORY).length)
    .replaceAll("\\", "/");
}
