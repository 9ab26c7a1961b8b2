/**
 * Observes which host functions guests call, in this isolate: what a table says of them is then what
 * was seen and not what somebody meant to do.
 *
 * @module
 */

import type { HostImplementation, HostInterface } from "../../../src/host/host_interface.ts";
import { hostInterfaces } from "../../../src/host/registry.ts";

/** Host functions as jco names them: `wasi:io/poll#Pollable.block`. */
export class HostCalls implements Disposable {
  /** The functions that were called since the start or since {@linkcode take}. */
  readonly seen = new Set<string>();
  readonly #restore: (() => void)[] = [];
  readonly #resources = new Map<HostImplementation[string], string>();
  readonly #observed = new Set<object>();

  /** Begins to observe. Dispose it: every guest of this isolate is observed until then. */
  constructor() {
    // The registry is read-only to all but tests, and this is the one place that all guests pass.
    const registry = hostInterfaces as Map<string, HostInterface>;
    for (const [id, original] of [...registry]) {
      registry.set(id, { id, create: (guest) => this.#observe(id, original.create(guest)) });
      this.#restore.push(() => registry.set(id, original));
    }
  }

  /** Gives what was called, and forgets it. */
  take(): ReadonlySet<string> {
    const taken = new Set(this.seen);
    this.seen.clear();
    return taken;
  }

  /** Ends the observation. */
  [Symbol.dispose](): void {
    for (const restore of this.#restore.splice(0).reverse()) restore();
  }

  #observe(id: string, implementation: HostImplementation): HostImplementation {
    const observed: Record<string, HostImplementation[string]> = {};
    for (const [name, value] of Object.entries(implementation)) {
      const isResource = /^[A-Z]/.test(name);
      if (isResource) {
        this.#resources.set(value, `${id}#${name}`);
        this.#observeMethods(value.prototype, `${id}#${name}`);
      }
      observed[name] = new Proxy(value, {
        apply: (target, self, args) => {
          this.seen.add(`${id}#${name}`);
          return this.#results(() => Reflect.apply(target, self, args));
        },
        construct: (target, args, newTarget) => {
          this.seen.add(`${id}#${name}.constructor`);
          return Reflect.construct(target, args, newTarget);
        },
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          const isStatic = isResource && typeof key === "string" && key !== "prototype";
          if (!isStatic || typeof member !== "function") return member;
          return (...args: readonly unknown[]) => {
            this.seen.add(`${id}#${name}.${key}`);
            return this.#results(() => Reflect.apply(member, target, args));
          };
        },
      });
    }
    return observed;
  }

  /** Looks for objects in what a function gives or throws: their classes may be further ones. */
  #results(run: () => unknown): unknown {
    let result: unknown;
    try {
      result = run();
    } catch (error) {
      this.#observeObjects(error);
      throw error;
    }
    if (!(result instanceof Promise)) return this.#observeObjects(result);
    return result.then((value) => this.#observeObjects(value), (error) => {
      this.#observeObjects(error);
      throw error;
    });
  }

  #observeObjects(value: unknown): unknown {
    if (!isObject(value) || ArrayBuffer.isView(value)) return value;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) || prototype === Object.prototype || prototype === null) {
      for (const member of Object.values(value)) this.#observeObjects(member);
      return value;
    }
    for (const [resource, id] of this.#resources) {
      if (value instanceof resource) this.#observeMethods(prototype, id);
    }
    return value;
  }

  /** jco calls methods on the objects themselves, so that they are observed on their prototypes. */
  #observeMethods(start: unknown, id: string): void {
    const { seen } = this;
    const results = (run: () => unknown) => this.#results(run);
    for (
      let owner = start;
      isObject(owner) && owner !== Object.prototype;
      owner = Object.getPrototypeOf(owner)
    ) {
      if (this.#observed.has(owner)) continue;
      this.#observed.add(owner);
      const prototype = owner;
      for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
        const method: unknown = property.value;
        if (name === "constructor" || typeof method !== "function") continue;
        Object.defineProperty(prototype, name, {
          ...property,
          value(this: unknown, ...args: readonly unknown[]): unknown {
            seen.add(`${id}.${name}`);
            return results(() => Reflect.apply(method, this, args));
          },
        });
        this.#restore.push(() => Object.defineProperty(prototype, name, property));
      }
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * Names a function of WIT the way jco does.
 *
 * @param id The function, such as `wasi:io/poll#[method]pollable.block`.
 * @returns The name, such as `wasi:io/poll#Pollable.block`; `undefined` for the drop of a handle,
 * which no host function answers.
 */
export function hostName(id: string): string | undefined {
  const [path = "", name = ""] = id.split("#");
  const [, kind, resource = "", method] =
    /^\[(method|static|constructor|resource-drop)\]([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
  if (kind === undefined) return `${path}#${camelCase(name)}`;
  if (kind === "resource-drop") return undefined;
  const type = camelCase(`-${resource}`);
  return `${path}#${type}.${method === undefined ? "constructor" : camelCase(method)}`;
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
