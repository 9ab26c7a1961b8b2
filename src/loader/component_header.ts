/**
 * Tells a WebAssembly component from everything else that people name as a component's source.
 *
 * @module
 */

import { LoadError } from "../errors.ts";

const HEADER_LENGTH = 8;
const MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;
// https://component-model.bytecodealliance.org/design/component-model.html#binary-format: the
// four bytes after the magic are a version and a layer, both 16 bits and little-endian.
const COMPONENT_VERSION = 0x0d;
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
 * Refuses bytes that are no WebAssembly component.
 *
 * @param bytes The whole file.
 * @param name The component and its source, to start the message with.
 * @throws LoadError `ERR_SOURCE_EMPTY`, `ERR_NOT_WASM`, `ERR_CORE_MODULE` or `ERR_WASM_VERSION`.
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  const version = view.getUint16(4, true);
  const layer = view.getUint16(6, true);
  if (layer === CORE_LAYER) {
    throw new LoadError(
      "ERR_CORE_MODULE",
      `${name} is a core WebAssembly module, not a component`,
      {
        hint: "Make a component of it: wasm-tools component new module.wasm -o component.wasm",
      },
    );
  }
  if (layer !== COMPONENT_LAYER || version !== COMPONENT_VERSION) {
    throw new LoadError(
      "ERR_WASM_VERSION",
      `${name} has WebAssembly layer ${layer}, version ${version}; components have layer ${COMPONENT_LAYER}, version ${COMPONENT_VERSION}`,
      { hint: "Build the component again with current tools" },
    );
  }
}

function hintForOtherFormat(bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 4_096));
  return WAT_REGEXP.test(start)
    ? "This is WebAssembly text; make a binary of it: wasm-tools parse in.wat -o out.wasm"
    : "`source` must name a WebAssembly component in the binary format";
}
