/**
 * The rules of the house, as `docs/architecture.md` states them: each takes the modules and gives
 * one sentence for every breach.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { type Node, parse } from "acorn";
import { simple } from "acorn-walk";
import type { SourceModule } from "./source_module.ts";

/** A rule: gives one sentence for every breach. */
export type Rule = (modules: readonly SourceModule[]) => readonly string[];

/** The floor of each room under `src/`; the files of `src/` itself are the ground. */
const FLOORS: ReadonlyMap<string, number> = new Map([
  ["", 0],
  ...floor(1, "app", "policy", "manifest"),
  ...floor(2, "loader", "compile"),
  ...floor(3, "host", "guest"),
  ...floor(4, "isolation", "services"),
  ...floor(5, "context"),
  ...floor(6, "triggers"),
  ...floor(7, "runtime"),
  ...floor(8, "cli"),
]);
/** `mod.ts` and `cli.ts` stand on the roof. */
const ROOF = 9;
/** Which rooms of one floor may import each other: importer, then imported. */
const NEIGHBOURS: ReadonlySet<string> = new Set([
  "policy app",
  "manifest app",
  "manifest policy",
  "compile loader",
  "guest host",
]);
/** The floors that use no `Deno`. */
const PURE_FLOORS = 1;
/** What only the command line may use: it is the process's owner. */
const PROCESS_MEMBERS: ReadonlySet<string> = new Set([
  "addSignalListener",
  "args",
  "exit",
  "exitCode",
  "removeSignalListener",
]);
const JCO_OWNER = "src/compile/jco.ts";
const WORKER_ROOMS: ReadonlySet<string> = new Set(["host", "guest"]);
const WORKER_MAIN = "src/isolation/executor_thread.ts";
const MAXIMUM_LINES = 500;

/** Imports go to lower floors, or to a neighbour that the design names. */
export function importsGoDown(modules: readonly SourceModule[]): readonly string[] {
  const breaches: string[] = [];
  for (const { path, imports } of modules) {
    const from = floorOf(path);
    if (from === undefined) {
      breaches.push(`${path} is in a room without a floor`);
      continue;
    }
    for (const { target } of imports.filter(isLocal)) {
      if (target === "deno.json") continue;
      const to = floorOf(target);
      if (to === undefined) {
        breaches.push(`${path} imports ${target}, which has no floor`);
      } else if (to > from) {
        breaches.push(`${path} (floor ${from}) imports ${target} (floor ${to})`);
      } else if (to === from && !areNeighbours(path, target)) {
        breaches.push(`${path} imports ${target}, a room of its own floor`);
      }
    }
  }
  return breaches;
}

/** No module imports itself by way of others; imports of types count. */
export function importsHaveNoCycle(modules: readonly SourceModule[]): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const cycles: string[] = [];

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push(`Import cycle: ${[...trail.slice(start), path].join(" -> ")}`);
      return;
    }
    if (done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      visit(target, [...trail, path]);
    }
    done.add(path);
  }

  for (const { path } of modules) visit(path, []);
  return cycles;
}

/** The model, the policy, the manifest and the ground do not use `Deno`. */
export function lowFloorsArePure(modules: readonly SourceModule[]): readonly string[] {
  return modules
    .filter(({ path }) => (floorOf(path) ?? ROOF) <= PURE_FLOORS)
    .flatMap((module) =>
      findGlobals(module)
        .filter(({ name }) => name === "Deno" || name.startsWith("Deno."))
        .map(({ name, line }) => `${module.path}:${line} uses ${name}`)
    );
}

/** Only the command line writes to the console, ends the process or listens for signals. */
export function onlyCliOwnsTheProcess(modules: readonly SourceModule[]): readonly string[] {
  return modules
    .filter(({ path }) => path !== "cli.ts" && roomOf(path) !== "cli")
    .flatMap((module) =>
      findGlobals(module)
        .filter(({ name }) =>
          name === "console" ||
          (name.startsWith("Deno.") && PROCESS_MEMBERS.has(name.slice("Deno.".length)))
        )
        .map(({ name, line }) => `${module.path}:${line} uses ${name}`)
    );
}

/** What runs beside the guest imports no package, not even for a type. */
export function workerRoomsImportNoPackage(modules: readonly SourceModule[]): readonly string[] {
  return modules
    .filter(({ path }) => WORKER_ROOMS.has(roomOf(path) ?? ""))
    .flatMap(({ path, imports }) =>
      imports.filter(({ target }) => isPackage(target))
        .map(({ target }) => `${path} imports ${target}`)
    );
}

/** Nothing that is loaded into the locked worker brings a package with it. */
export function workerLoadsNoPackage(modules: readonly SourceModule[]): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  if (!byPath.has(WORKER_MAIN)) return [`${WORKER_MAIN} is missing`];
  const reached = new Set([WORKER_MAIN]);
  const breaches: string[] = [];
  for (const path of reached) {
    const imports = byPath.get(path)?.imports ?? [];
    for (const { target } of imports.filter(({ typeOnly }) => !typeOnly)) {
      if (isPackage(target)) breaches.push(`${path} brings ${target} into the worker`);
      else reached.add(target);
    }
  }
  return breaches;
}

/** jco is imported in one place. */
export function onlyOneFileImportsJco(modules: readonly SourceModule[]): readonly string[] {
  return modules
    .filter(({ path }) => path !== JCO_OWNER)
    .flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target.includes("/jco"))
        .filter(({ target }) => isPackage(target))
        .map(({ target }) => `${path} imports ${target}`)
    );
}

/** Files are short enough to be read in one go. */
export function filesAreShort(modules: readonly SourceModule[]): readonly string[] {
  return modules
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MAXIMUM_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

interface GlobalUse {
  /** The global's name or, for a member of `Deno`, both names: `Deno.exit`. */
  readonly name: string;
  readonly line: number;
}

/** Finds the uses of `Deno` and `console` that are left at run time, not the words in comments. */
function findGlobals({ text }: SourceModule): readonly GlobalUse[] {
  // Types are blanked out in place, so lines stay what they were.
  const program = parse(stripTypeScriptTypes(text), {
    ecmaVersion: "latest",
    sourceType: "module",
  });
  const uses: GlobalUse[] = [];
  const lineOf = ({ start }: Node) => text.slice(0, start).split("\n").length;
  simple(program, {
    Identifier(node) {
      if (node.name === "Deno" || node.name === "console") {
        uses.push({ name: node.name, line: lineOf(node) });
      }
    },
    MemberExpression(node) {
      const { object, property } = node;
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      if (object.name === "Deno") {
        uses.push({ name: `Deno.${property.name}`, line: lineOf(node) });
      } else if (
        object.name === "globalThis" && ["Deno", "console"].includes(property.name)
      ) {
        uses.push({ name: property.name, line: lineOf(node) });
      }
    },
  });
  return uses;
}

/** The room of a module under `src/`, `""` for the ground; `undefined` elsewhere. */
function roomOf(path: string): string | undefined {
  const [top, ...rest] = path.split("/");
  if (top !== "src") return undefined;
  return rest.length === 1 ? "" : rest[0];
}

function floorOf(path: string): number | undefined {
  if (path === "mod.ts" || path === "cli.ts") return ROOF;
  const room = roomOf(path);
  return room === undefined ? undefined : FLOORS.get(room);
}

function areNeighbours(from: string, to: string): boolean {
  const [room, other] = [roomOf(from), roomOf(to)];
  return room === other || NEIGHBOURS.has(`${room} ${other}`);
}

function isLocal({ target }: { readonly target: string }): boolean {
  return !/^[a-z]+:/.test(target);
}

function isPackage(target: string): boolean {
  return !isLocal({ target }) && !target.startsWith("node:");
}

function floor(number: number, ...rooms: readonly string[]): [string, number][] {
  return rooms.map((room) => [room, number]);
}
