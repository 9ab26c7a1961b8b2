/**
 * The only file that knows jco, the transpiler that turns a component into an ES module and core
 * modules. It is loaded on a cache miss alone: jco weighs far more than everything else together.
 *
 * @module
 */

import type { CatchClause, Node } from "acorn";
import { messageOf } from "../errors.ts";
import { Refusal } from "./refusal.ts";

/** The version of jco's transpiler that this file was written for; part of every cache key. */
export const JCO_VERSION = "0.15.0";

/** Raised by one whenever {@linkcode mend} changes; part of every cache key. */
export const MEND_VERSION = 2;

/** What jco is told about one component. */
export interface TranspileOptions {
  /** Imported functions that may suspend the guest, as `ns:package/interface#function`. */
  readonly suspendingImports: readonly string[];
  /** Exported functions that return a promise because they may reach such an import. */
  readonly suspendingExports: readonly string[];
}

/** What jco makes of one component. */
export interface TranspiledComponent {
  /** The interfaces of which it imports functions or resources, without versions. */
  readonly imports: readonly string[];
  /** The source of an ES module that exports `instantiate(getCoreModule, imports, instantiateCore)`. */
  readonly source: string;
  /** The core modules by the names that `getCoreModule` is called with. */
  readonly modules: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * Prints a component's world as WIT.
 *
 * @param component The component's bytes.
 * @returns The text: a package line and one world.
 * @throws {Error} If the bytes are no valid component.
 */
export async function printWorld(component: Uint8Array): Promise<string> {
  const { componentWit } = await import(
    "@bytecodealliance/jco-transpile/wasm-tools"
  );
  return await componentWit(component);
}

/** What answers a module's imports of WASI preview 1, for one that starts, or is only called. */
export type Adapter = "command" | "reactor";

/**
 * Where the adapters come from: a jco of before it brought a JavaScript engine along. Behind a
 * constant, because Deno fetches what an import names literally before it is needed.
 */
const ADAPTER_PACKAGE = "npm:@bytecodealliance/jco@1.3.1";

/** What is used of the package: each function gives a file of it. */
interface AdapterPackage {
  preview1AdapterCommandPath(): URL;
  preview1AdapterReactorPath(): URL;
}

/**
 * Makes a component of a core module.
 *
 * @param module The module's bytes, with component types unless it is a command.
 * @param adapter What answers its imports of WASI preview 1, if it has any.
 * @returns The component's bytes.
 * @throws {Refusal} `ERR_ADAPTER` if the adapter cannot be loaded.
 * @throws {Error} If no component can be made of it.
 */
export async function wrapModule(
  module: Uint8Array,
  adapter: Adapter | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { componentNew } = await import("@bytecodealliance/jco-transpile/wasm-tools");
  const adapters: [string, Uint8Array][] = adapter === undefined
    ? []
    : [["wasi_snapshot_preview1", await readAdapter(adapter)]];
  return (await componentNew(module, adapters)).slice();
}

async function readAdapter(adapter: Adapter): Promise<Uint8Array> {
  try {
    const paths: AdapterPackage = await import(ADAPTER_PACKAGE);
    return await Deno.readFile(
      adapter === "command"
        ? paths.preview1AdapterCommandPath()
        : paths.preview1AdapterReactorPath(),
    );
  } catch (cause) {
    throw new Refusal(`the adapter for WASI preview 1 cannot be loaded: ${messageOf(cause)}`, {
      code: "ERR_ADAPTER",
      hint: `Start once with access to npm, so that Deno can fetch ${ADAPTER_PACKAGE}`,
      cause,
    });
  }
}

/**
 * Transpiles a component.
 *
 * @param component The component's bytes.
 * @param options Which functions may suspend the guest.
 * @returns The module's source and the core modules.
 * @throws {Error} If jco cannot transpile the component.
 */
export async function transpile(
  component: Uint8Array,
  options: TranspileOptions,
): Promise<TranspiledComponent> {
  const { $init, generate } = await import(
    "@bytecodealliance/jco-transpile/component"
  );
  await $init;
  const { files, imports } = generate(component, {
    name: "component",
    noTypescript: true,
    noNodejsCompat: true,
    base64Cutoff: 0,
    // The asynchronous form is also the one that instantiates synchronously, if it is given core
    // modules that are compiled already and a synchronous way to instantiate them.
    instantiation: { tag: "async" },
    asyncMode: options.suspendingImports.length === 0 ? { tag: "sync" } : {
      tag: "jspi",
      val: {
        imports: [...options.suspendingImports],
        exports: [...options.suspendingExports],
      },
    },
  });
  const modules = new Map(
    // A copy, because jco's bytes are views of one large buffer.
    files.filter(([name]) => name.endsWith(".wasm")).map((
      [name, bytes],
    ) => [name, bytes.slice()]),
  );
  const source = files.find(([name]) => name === "component.js");
  if (source === undefined) throw new Error("jco made no component.js");
  return { source: await mend(new TextDecoder().decode(source[1])), modules, imports };
}

/**
 * Mends a fault of jco 0.15's output. Where an asynchronous call fails, the generated code returns
 * the promise of a task that may never settle (a rejected host call without a `result` type hangs
 * its caller for ever, and the suspended guest is never collected). Throwing the error settles it.
 *
 * @param source The source of a generated module.
 * @returns The mended source.
 */
export async function mend(source: string): Promise<string> {
  const [{ parse }, { fullAncestor }] = await Promise.all([
    import("acorn"),
    import("acorn-walk"),
  ]);
  const returns: {
    readonly start: number;
    readonly end: number;
    readonly error: string;
  }[] = [];
  const program = parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
  });
  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type !== "ReturnStatement") return;
    const text = source.slice(node.start, node.end);
    if (!text.startsWith("return task.completionPromise()")) return;
    const parameter = ancestors.findLast(isCatchClause)?.param;
    const error = parameter?.type === "Identifier" ? parameter.name : undefined;
    if (error !== undefined) {
      returns.push({ start: node.start, end: node.end, error });
    }
  });
  let mended = "";
  let position = 0;
  for (
    const { start, end, error } of returns.toSorted((a, b) => a.start - b.start)
  ) {
    mended += source.slice(position, start) + `throw ${error};`;
    position = end;
  }
  return mended + source.slice(position);
}

function isCatchClause(node: Node): node is CatchClause {
  return node.type === "CatchClause";
}
