/**
 * One live guest: a program that was linked to its host interfaces.
 *
 * @module
 */

import { createHost, type Host } from "../host/create_host.ts";
import type { GuestContext } from "../host/host_interface.ts";
import type { Program } from "./program.ts";

/** What a {@linkcode GuestInstance} is made of. */
export interface GuestInstanceOptions {
  /** The interfaces that the component imports, with or without versions. */
  readonly imports: readonly string[];
  /** What the instance was granted. */
  readonly context: GuestContext;
  /** The linear memory that it may have, in bytes, over all its memories. */
  readonly memoryLimit: number;
  /** Asked about once a millisecond while the guest runs: whether it must end. */
  readonly isOver: () => boolean;
}

/** A live guest. Dispose it once; it must not be called after a trap. */
export class GuestInstance implements Disposable {
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #host: Host;

  private constructor(exports: Readonly<Record<string, unknown>>, host: Host) {
    this.#exports = exports;
    this.#host = host;
  }

  /**
   * Instantiates a program with fresh state.
   *
   * @param program The component's code.
   * @param options What the instance gets.
   * @returns The instance.
   * @throws {WebAssembly.RuntimeError} If a start function traps.
   */
  static async create(
    program: Program,
    { imports, context }: GuestInstanceOptions,
  ): Promise<GuestInstance> {
    const host = createHost(context);
    try {
      const exports = await program.instantiate(
        (name) => coreModule(program, name),
        host.imports(imports),
        (module, coreImports) => new WebAssembly.Instance(module, coreImports),
      );
      return new GuestInstance(exports, host);
    } catch (error) {
      host[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Calls an exported function.
   *
   * @param name The function's name in kebab-case.
   * @param args The arguments, as jco maps WIT types to JavaScript.
   * @returns The result, as jco maps WIT types to JavaScript.
   * @throws {unknown} Whatever the guest ended with; see `classify`.
   */
  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    const key = camelCase(name);
    const exported = Object.hasOwn(this.#exports, key) ? this.#exports[key] : undefined;
    if (typeof exported !== "function") {
      throw new TypeError(`The guest exports no "${name}"`);
    }
    return await exported(...args);
  }

  /** Whether the guest wanted more memory than it may have. */
  get wasRefusedMemory(): boolean {
    return false;
  }

  /** Closes whatever the guest left open. */
  [Symbol.dispose](): void {
    this.#host[Symbol.dispose]();
  }
}

function coreModule(program: Program, name: string): WebAssembly.Module {
  const module = program.modules.get(name);
  if (module === undefined) {
    throw new TypeError(`The program has no core module "${name}"`);
  }
  return module;
}

/** Maps a kebab-case name the way jco does: words in capitals become ordinary words too. */
function camelCase(name: string): string {
  return name.toLowerCase().replace(
    /-(.)/g,
    (_, letter: string) => letter.toUpperCase(),
  );
}
