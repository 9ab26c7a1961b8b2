/**
 * One live guest, as the program that embeds Gyre sees it.
 *
 * @module
 */

import type { Limits } from "../app/application.ts";
import type { Executor } from "../isolation/isolation.ts";
import { GuestError } from "./guest_error.ts";

/** A live guest. Its state lasts from call to call until it is disposed. */
export class Instance implements Disposable {
  readonly #executor: Executor;
  readonly #id: number;
  readonly #componentId: string;
  readonly #limits: Limits;
  readonly #onDispose: () => void;
  #isDisposed = false;

  /**
   * Wraps an instance that an executor has made.
   *
   * @param executor Where it lives.
   * @param options Its number there, its component's id and limits, and who is told of its end.
   */
  constructor(
    executor: Executor,
    options: {
      readonly id: number;
      readonly componentId: string;
      readonly limits: Limits;
      readonly onDispose: () => void;
    },
  ) {
    this.#executor = executor;
    this.#id = options.id;
    this.#componentId = options.componentId;
    this.#limits = options.limits;
    this.#onDispose = options.onDispose;
  }

  /**
   * Calls an exported function of the component's world.
   *
   * @param name The function's name in kebab-case.
   * @param args The arguments, as jco maps WIT types to JavaScript: a `u64` is a `bigint`, a
   * `list<u8>` a `Uint8Array`.
   * @returns The result, mapped likewise; the value of a `result` that is ok.
   * @throws {GuestError} If the guest traps, exits, returns the error of a `result`, or takes longer
   * than its component may; after the latter, dispose it.
   */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const { timeout } = this.#limits;
    const request = { export: name, args, ...(timeout !== undefined && { timeout }) };
    const result = await this.#executor.call(request, this.#id);
    if (!result.ok) throw new GuestError(this.#componentId, result.failure);
    return result.value;
  }

  /** Drops the guest, and closes what it left open. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#executor.dispose(this.#id);
    this.#onDispose();
  }
}
