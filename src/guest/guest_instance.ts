/**
 * One live guest: a program that was linked to its host interfaces.
 *
 * @module
 */

import { createHost, type Host } from "../host/create_host.ts";
import type { GuestContext } from "../host/host_interface.ts";
import { withExitCodes } from "./exit_codes.ts";
import type { Hooks } from "./hooks.ts";
import type { Program } from "./program.ts";

/** What a {@linkcode GuestInstance} is made of. */
export interface GuestInstanceOptions {
  /** The interfaces that the component imports, with or without versions. */
  readonly imports: readonly string[];
  /** What the instance was granted. */
  readonly context: GuestContext;
  /** What looks after it while it computes; made for this instance. */
  readonly hooks: Hooks;
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
    { imports, context, hooks }: GuestInstanceOptions,
  ): Promise<GuestInstance> {
    const host = createHost(context);
    try {
      const exports = await program.instantiate(
        (name) => coreModule(program, name),
        host.imports(imports),
        (module, coreImports) => {
          const instance = new WebAssembly.Instance(module, withExitCodes(coreImports));
          hooks.arm(instance);
          return instance;
        },
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
   * @param name The function's name in kebab-case; that of an interface's function as
   * `ns:package/interface#function`, where the interface may do without its version.
   * @param args The arguments, as jco maps WIT types to JavaScript.
   * @returns The result, as jco maps WIT types to JavaScript.
   * @throws {unknown} Whatever the guest ended with; see `classify`.
   */
  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    const hash = name.indexOf("#");
    const owner = hash < 0 ? this.#exports : findInterface(this.#exports, name.slice(0, hash));
    const key = camelCase(name.slice(hash + 1));
    const exported: unknown = Object.hasOwn(owner, key) ? Reflect.get(owner, key) : undefined;
    if (typeof exported !== "function") {
      throw new TypeError(`The guest exports no "${name}"`);
    }
    return await exported(...args);
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

/** Finds an exported interface by its id. Of several versions, one without a version takes the first. */
function findInterface(exports: Readonly<Record<string, unknown>>, id: string): object {
  const keys = Object.keys(exports);
  const key = keys.find((key) => key === id || key === camelCase(id)) ??
    keys.find((key) => key.startsWith(`${id}@`));
  const found = key === undefined ? undefined : exports[key];
  return typeof found === "object" && found !== null ? found : {};
}

/** Maps a kebab-case name the way jco does: words in capitals become ordinary words too. */
function camelCase(name: string): string {
  return name.toLowerCase().replace(
    /-(.)/g,
    (_, letter: string) => letter.toUpperCase(),
  );
}
