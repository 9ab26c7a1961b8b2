/**
 * One live guest, as the program that embeds Gyre sees it.
 *
 * @module
 */

import type { Executor } from "../isolation/isolation.ts";
import { GuestError } from "./guest_error.ts";

/** A live guest. Its state lasts from call to call until it is disposed. */
export class Instance implements Disposable {
  readonly #executor: Executor;
  readonly #id: number;
  readonly #componentId: string;

  /**
   * Wraps an instance that an executor has made.
   *
   * @param executor Where it lives.
   * @param identity Its number there, and its component's id.
   */
  constructor(
    executor: Executor,
    identity: { readonly id: number; readonly componentId: string },
  ) {
    this.#executor = executor;
    this.#id = identity.id;
    this.#componentId = identity.componentId;
  }

  /**
   * Calls an exported function of the component's world.
   *
   * @param name The function's name in kebab-case.
   * @param args The arguments, as jco maps WIT types to JavaScript: a `u64` is a `bigint`, a
   * `list<u8>` a `Uint8Array`.
   * @returns The result, mapped likewise; the value of a `result` that is ok.
   * @throws {GuestError} If the guest traps, exits, or returns the error of a `result`.
   */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const result = await this.#executor.call({ export: name, args }, this.#id);
    if (!result.ok) throw new GuestError(this.#componentId, result.failure);
    return result.value;
  }

  /** Drops the guest, and closes what it left open. */
  [Symbol.dispose](): void {
    this.#executor.dispose(this.#id);
  }
}
