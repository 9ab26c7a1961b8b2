/**
 * Tells WebAssembly from everything else that people name as a component's source.
 *
 * @module
 */

import { LoadError } from "../errors.ts";

const HEADER_LENGTH = 8;
const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;
// https://component-model.bytecodealliance.org/design/component-model.html#binary-format: the
// four bytes after the magic are a version and a layer, both 16 bits and little-endian.
const COMPONENT_VERSION = 0x0d;
const CORE_VERSION = 1;
const CORE_LAYER = 0;
const COMPONENT_LAYER = 1;
const WAT_REGEXP = /^\s*(?:;;[^\n]*\n\s*)*\((?:component|module)\b/;

/**
 * Tells whether bytes start like a Wasm binary, be it a component or a core module.
 *
 * @param bytes The file, or at least its first four bytes.
 * @returns Whether the magic number is there.
 */
export function hasWasmMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * Tells a core module from a component.
 *
 * @param bytes A file, at least its header.
 * @returns Whether it is a core module.
 */
export function isCoreModule(bytes: Uint8Array): boolean {
  return hasWasmMagic(bytes) && bytes.length >= HEADER_LENGTH &&
    layerOf(bytes).layer === CORE_LAYER;
}

/**
 * Refuses bytes that are neither a WebAssembly component nor a core module. Whether a core module
 * is one that a component can be made of is found out when it is compiled.
 *
 * @param bytes The whole file.
 * @param name The component and its source, to start the message with.
 * @throws LoadError `ERR_SOURCE_EMPTY`, `ERR_NOT_WASM` or `ERR_WASM_VERSION`.
 */
export function assertComponent(bytes: Uint8Array, name: string): void {
  if (bytes.length === 0) {
    throw new LoadError("ERR_SOURCE_EMPTY", `${name} is empty`, {
      hint: "Build the component again; a build that failed may have left this",
    });
  }
  if (!hasWasmMagic(bytes) || bytes.length < HEADER_LENGTH) {
    throw new LoadError("ERR_NOT_WASM", `${name} is not WebAssembly`, {
      hint: hintForOtherFormat(bytes),
    });
  }
  const { layer, version } = layerOf(bytes);
  if (layer === CORE_LAYER && version === CORE_VERSION) return;
  if (layer !== COMPONENT_LAYER || version !== COMPONENT_VERSION) {
    throw new LoadError(
      "ERR_WASM_VERSION",
      `${name} has WebAssembly layer ${layer}, version ${version}; components have layer ${COMPONENT_LAYER}, version ${COMPONENT_VERSION}`,
      { hint: "Build the component again with current tools" },
    );
  }
}

function layerOf(bytes: Uint8Array): { readonly layer: number; readonly version: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  return { version: view.getUint16(4, true), layer: view.getUint16(6, true) };
}

function hintForOtherFormat(bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 4_096));
  return WAT_REGEXP.test(start)
    ? "This is WebAssembly text; make a binary of it: wasm-tools parse in.wat -o out.wasm"
    : "`source` must name a WebAssembly component in the binary format";
}
