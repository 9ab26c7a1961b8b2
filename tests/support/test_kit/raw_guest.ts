/**
 * The raw guest: a component that imports all of WASI 0.2 and is driven from outside, call by call.
 * A test reaches any host function through a real guest with it, with values that are as they should
 * be or with numbers that are not.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { liftFlat, load, lowerCall } from "./canonical_abi.ts";
import { parseWit, type WitFunction } from "./wit_model.ts";

/** What calls an export of a live instance of the raw guest. */
export type CallExport = (name: string, ...args: readonly unknown[]) => Promise<unknown>;

/** The built guest. */
export interface RawGuestFile {
  /** The component's file. */
  readonly path: string;
  /** The functions that it imports, in the order in which it numbers them. */
  readonly imports: readonly string[];
  /** Their types. */
  readonly types: ReadonlyMap<string, WitFunction>;
}

const REPOSITORY = new URL("../../../", import.meta.url);
const WIT = new URL("tests/guests/wasi-raw.wit", REPOSITORY);
const BUILDER = new URL("build_raw_guest_main.ts", import.meta.url);
const SOURCES = [WIT, BUILDER, new URL("raw_guest_wat.ts", import.meta.url)];
const KEY_LENGTH = 16;
/** Where a call's values are put; what the guest itself uses is below and above. */
const ARENA = 0x1000;
/** How much of it there is, in bytes. */
const ARENA_SIZE = 0x1f0000;

/** Gives the raw guest, built only if its sources have changed. */
export async function rawGuestFile(): Promise<RawGuestFile> {
  const wit = await Deno.readTextFile(WIT);
  const texts = await Promise.all(SOURCES.map((source) => Deno.readTextFile(source)));
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(JSON.stringify(texts)),
  );
  const key = new Uint8Array(digest).toHex().slice(0, KEY_LENGTH);
  const root = Deno.env.get("GYRE_BUILD_DIR") ?? fileURLToPath(new URL("build/guests", REPOSITORY));
  const directory = `${root}/${key}`;
  const path = `${directory}/wasi-raw.wasm`;
  const list = `${directory}/wasi-raw.json`;
  if (!await exists(path)) await build(directory, { path, list });
  return { path, imports: JSON.parse(await Deno.readTextFile(list)), types: parseWit(wit) };
}

/** Drives one live instance of the raw guest. */
export class RawGuest {
  /** What calls its exports. */
  readonly callExport: CallExport;
  readonly #file: RawGuestFile;

  /**
   * Takes an instance.
   *
   * @param file The guest.
   * @param callExport Calls an export of the instance.
   */
  constructor(file: RawGuestFile, callExport: CallExport) {
    this.#file = file;
    this.callExport = callExport;
  }

  /** The functions that it imports. */
  get functions(): readonly string[] {
    return this.#file.imports;
  }

  /**
   * Calls an import with values.
   *
   * @param id The function, such as `wasi:io/poll#[method]pollable.block`.
   * @param values The arguments; see `canonical_abi.ts` for their form.
   * @returns The result.
   */
  async call(id: string, ...values: readonly unknown[]): Promise<unknown> {
    const type = this.#file.types.get(id);
    if (type === undefined) throw new RangeError(`There is no function ${id}`);
    const { parameters, memory, resultAddress } = lowerCall(type, values, ARENA);
    if (memory.length > ARENA_SIZE) throw new RangeError("The arguments are too large");
    await this.callExport("poke", ARENA, memory);
    const flat = await this.invoke(id, parameters);
    if (type.result === undefined) return undefined;
    if (resultAddress === undefined) return liftFlat(type.result, flat);
    return await load(type.result, resultAddress, (address, length) => this.peek(address, length));
  }

  /**
   * Calls an import that returns a `result`, which must be ok.
   *
   * @param id The function.
   * @param values The arguments.
   * @returns The value of the result.
   * @throws {WasiError} If it is an error.
   */
  async ok(id: string, ...values: readonly unknown[]): Promise<unknown> {
    const { tag, val } = await this.call(id, ...values) as { tag: string; val?: unknown };
    if (tag !== "ok") throw new WasiError(id, val);
    return val;
  }

  /**
   * Calls an import with bare numbers.
   *
   * @param id The function.
   * @param parameters The core parameters.
   * @returns The core result; 0 if there is none.
   */
  async invoke(id: string, parameters: readonly (bigint | number)[]): Promise<bigint> {
    const list = BigUint64Array.from(parameters, (one) => BigInt.asUintN(64, BigInt(one)));
    return await this.callExport("invoke", this.numberOf(id), list) as bigint;
  }

  /**
   * Gives the number by which the guest knows an import.
   *
   * @param id The function.
   * @returns Its number.
   */
  numberOf(id: string): number {
    const number = this.#file.imports.indexOf(id);
    if (number < 0) throw new RangeError(`The raw guest does not import ${id}`);
    return number;
  }

  /** Reads the guest's memory. */
  async peek(address: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array();
    return await this.callExport("peek", address, length) as Uint8Array;
  }
}

/** The error of a `result` that was to be ok. */
export class WasiError extends Error {
  /** What the function returned. */
  readonly value: unknown;

  /**
   * Makes an error.
   *
   * @param id The function.
   * @param value What it returned.
   */
  constructor(id: string, value: unknown) {
    super(`${id} gave an error`);
    this.value = value;
  }
}

async function build(
  directory: string,
  { path, list }: { readonly path: string; readonly list: string },
): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  // Test processes share the directory: none may see half a file of another.
  const scratch = await Deno.makeTempFile({ dir: directory, suffix: ".part" });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    // deno-fmt-ignore
    args: ["run", "--allow-all", "--quiet", BUILDER.href, fileURLToPath(WIT), scratch, `${scratch}.json`],
    cwd: REPOSITORY,
  }).output();
  if (!success) {
    throw new Error(`The raw guest was not built:\n${new TextDecoder().decode(stderr)}`);
  }
  await Deno.rename(`${scratch}.json`, list);
  await Deno.rename(scratch, path);
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
