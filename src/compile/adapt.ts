/**
 * From a core module to a component. Toolchains of before components make modules that import
 * WASI preview 1 by the name of `wasi_snapshot_preview1`; an adapter, which is a module itself,
 * answers those imports with WASI 0.2.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { isCoreModule } from "../loader/component_header.ts";
import { BinaryReader } from "./binary_reader.ts";
import { type Adapter, wrapModule } from "./jco.ts";
import { Refusal } from "./refusal.ts";

/** Raised by one whenever what {@linkcode adapt} makes changes; part of every cache key. */
export const ADAPT_VERSION = 1;

const PREVIEW_1 = "wasi_snapshot_preview1";
const HEADER_LENGTH = 8;
const CUSTOM_SECTION = 0;
/** Names a section that says which component is to be made of the module; a suffix may follow. */
const COMPONENT_TYPE = "component-type";

/**
 * Makes a component of a core module, and leaves a component as it is.
 *
 * @param bytes A component or a core module.
 * @returns The component.
 * @throws {Refusal} `ERR_CORE_MODULE` if no component can be made of the module, or `ERR_ADAPTER`
 * if the adapter cannot be loaded.
 */
export async function adapt(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (!isCoreModule(bytes)) return bytes;
  return await wrapModule(bytes, await chooseAdapter(bytes));
}

/** Chooses the adapter that a module needs; none if it does without preview 1. */
async function chooseAdapter(bytes: Uint8Array<ArrayBuffer>): Promise<Adapter | undefined> {
  const module = await WebAssembly.compile(bytes).catch((cause) => {
    throw new Refusal(`it is no valid core module: ${messageOf(cause)}`, { cause });
  });
  const isCommand = WebAssembly.Module.exports(module).some(({ name }) => name === "_start");
  const imported = new Set(WebAssembly.Module.imports(module).map(({ module }) => module));
  if (!hasComponentType(bytes)) {
    const unknown = [...imported].filter((name) => name !== PREVIEW_1);
    if (unknown.length > 0) throw unknownImports(unknown);
    if (!isCommand) throw nothingToCall();
  }
  if (isCommand) return "command";
  return imported.has(PREVIEW_1) ? "reactor" : undefined;
}

function hasComponentType(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes.subarray(HEADER_LENGTH));
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.bytes(reader.u32());
    if (id !== CUSTOM_SECTION) continue;
    if (new BinaryReader(content).name().startsWith(COMPONENT_TYPE)) return true;
  }
  return false;
}

function unknownImports(modules: readonly string[]): Refusal {
  const list = modules.map((name) => `"${name}"`).join(", ");
  const isOlder = modules.includes("wasi_unstable");
  return new Refusal(
    `it is a core module that imports from ${list}; only ${PREVIEW_1} can be adapted`,
    {
      code: "ERR_CORE_MODULE",
      hint: isOlder
        ? "wasi_unstable is older than preview 1; build it again with current tools"
        : "Build it as a component, or for wasm32-wasip1 without other imports",
    },
  );
}

function nothingToCall(): Refusal {
  return new Refusal("it is a core module with neither _start nor component types", {
    code: "ERR_CORE_MODULE",
    hint: "Build a command for WASI preview 1, or make a component of it: wasm-tools component " +
      "embed, then wasm-tools component new",
  });
}
