/**
 * The worker in which components are compiled.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { adapt } from "./adapt.ts";
import type { CompiledComponent } from "./compiled_component.ts";
import { exportedFunctions } from "./exported_functions.ts";
import { instrument } from "./instrument/instrument.ts";
import { printWorld, transpile } from "./jco.ts";
import { Refusal } from "./refusal.ts";
import { parseWorld, withoutVersion, type WorldItem } from "./world.ts";

/**
 * How many functions a component may import and export. jco's time and its output grow with the
 * square of their number: 100,000 took a minute and 4.6 GB.
 */
const MAXIMUM_FUNCTIONS = 10_000;
const FUNCTION_REGEXP = /\bfunc\(/g;

/** A component to compile. */
export interface CompileRequest {
  /** The component, or a core module that one is to be made of. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For every interface, the functions of it that may suspend the guest. */
  readonly suspendingImports: ReadonlyMap<string, readonly string[]>;
}

/** What became of a {@linkcode CompileRequest}. */
export type CompileReply =
  | { readonly ok: true; readonly compiled: Omit<CompiledComponent, "digest"> }
  | {
    readonly ok: false;
    /** What is wrong. */
    readonly message: string;
    /** Whether jco itself broke over it. It then refuses every later component too. */
    readonly broken: boolean;
    /** The error's code, where it is not the usual one. */
    readonly code?: string;
    /** What the reader can do about it, where that is known. */
    readonly hint?: string;
  };

/** The scope of a worker; the types that Deno checks with by default are those of a window. */
declare const self: {
  onmessage: (event: MessageEvent<CompileRequest>) => void;
  postMessage(reply: CompileReply): void;
};

self.onmessage = async ({ data }) => {
  let reply: CompileReply;
  try {
    reply = { ok: true, compiled: await compile(data) };
  } catch (error) {
    reply = isRefusal(error)
      ? { ok: false, message: reason(error), broken: false, ...detailsOf(error) }
      : { ok: false, message: `jco broke over it: ${reason(error)}`, broken: true };
  }
  self.postMessage(reply);
};

async function compile(
  request: CompileRequest,
): Promise<Omit<CompiledComponent, "digest">> {
  const component = await adapt(request.bytes);
  const wit = await printWorld(component);
  const functions = exportedFunctions(component);
  assertFewFunctions(wit, functions);
  const world = parseWorld(wit, functions);
  const suspendingImports = world.imports.flatMap(({ name }) =>
    request.suspendingImports.get(withoutVersion(name)) ?? []
  );
  const { source, modules, imports } = await transpile(component, {
    suspendingImports,
    suspendingExports: world.exports.flatMap(functionNames),
  });
  const instrumented = [...modules].map(([name, bytes]) => [name, instrument(bytes)] as const);
  return {
    world: { ...world, imports: world.imports.filter((item) => isNeeded(item, imports)) },
    suspends: suspendingImports.length > 0,
    source,
    modules: new Map(instrumented.map(([name, { bytes }]) => [name, bytes])),
    uninstrumented: instrumented.flatMap(([name, { skipped }]) =>
      skipped === undefined ? [] : [`${name}: ${skipped}`]
    ),
  };
}

/** Whether it is more than types, which nobody has to provide, such as those of Spin's cron trigger. */
function isNeeded({ kind, name }: WorldItem, imported: readonly string[]): boolean {
  return kind === "function" || name.startsWith("wasi:") || imported.includes(withoutVersion(name));
}

/** Names what of an export may be called by events, as jco does: constructors are synchronous. */
function functionNames(item: WorldItem): readonly string[] {
  if (item.kind === "function") return [item.name];
  const functions = item.functions?.filter((name) => !name.startsWith("[constructor]"));
  return functions?.map((name) => `${item.name}#${name}`) ?? [];
}

function assertFewFunctions(
  wit: string,
  ofInterfaces: ReadonlyMap<string, readonly string[]>,
): void {
  const ofWorld = wit.matchAll(FUNCTION_REGEXP).reduce((sum) => sum + 1, 0);
  const count = ofInterfaces.values().reduce((sum, { length }) => sum + length, ofWorld);
  if (count <= MAXIMUM_FUNCTIONS) return;
  throw new Refusal(
    `it imports and exports ${count} functions, and no more than ${MAXIMUM_FUNCTIONS} are allowed`,
  );
}

/** jco returns what it has against a component as the payload of an error; all else is its own end. */
function isRefusal(error: unknown): boolean {
  return error instanceof Refusal || (error instanceof Error && "payload" in error);
}

function detailsOf(error: unknown): Pick<CompileReply & { ok: false }, "code" | "hint"> {
  if (!(error instanceof Refusal)) return {};
  const { code, hint } = error;
  return hint === undefined ? { code } : { code, hint };
}

/** jco reports an error as a chain over several lines, the last of which says what is wrong. */
function reason(error: unknown): string {
  // The last line may be nothing but a bracket.
  const lines = messageOf(error).split("\n").map((line) => line.trim());
  return lines.findLast((line) => /\w/.test(line)) ?? "jco gave no reason";
}
