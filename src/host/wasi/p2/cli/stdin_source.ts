import type { GuestContext } from "../../../host_interface.ts";
import type { ByteSource } from "../io/byte_source.ts";
import { IoError } from "../io/io_error.ts";
import type { Readiness } from "../io/readiness.ts";

/** How many bytes are asked for at once. */
const CHUNK_SIZE = 65_536;

/**
 * The standard input of one guest, which all its streams share. Nothing is asked for before the
 * guest wants to know, and then one chunk at a time.
 */
export class StdinSource implements ByteSource {
  /** When there are bytes, the end or an error. */
  readonly readable: Readiness = {
    ready: () => this.#isReady(),
    whenReady: (callback) => {
      this.#fetch();
      // An object of its own for each call, so that one callback may wait twice.
      const waiter = { callback };
      this.#waiters.add(waiter);
      return () => this.#waiters.delete(waiter);
    },
  };

  readonly #next: GuestContext["stdin"];
  readonly #waiters = new Set<{ readonly callback: () => void }>();
  #state: "idle" | "fetching" | "ended" | "failed" = "idle";
  #chunk: Uint8Array = new Uint8Array();

  /**
   * Creates a source.
   *
   * @param next Gives the next bytes; see {@linkcode GuestContext.stdin}.
   */
  constructor(next: GuestContext["stdin"]) {
    this.#next = next;
  }

  /**
   * Takes the next bytes, without waiting.
   *
   * @param limit How many bytes at most.
   * @returns The bytes; none if they have yet to come; `undefined` at the end.
   * @throws {IoError} If the bytes cannot be had.
   */
  read(limit: number): Uint8Array | undefined {
    if (this.#chunk.length === 0) {
      if (this.#state === "ended") return undefined;
      if (this.#state === "failed") throw new IoError("The standard input cannot be read");
      this.#fetch();
    }
    const taken = this.#chunk.subarray(0, limit);
    this.#chunk = this.#chunk.subarray(limit);
    return taken;
  }

  /** Does nothing: another stream of the guest may still read. */
  [Symbol.dispose](): void {}

  #isReady(): boolean {
    this.#fetch();
    return this.#chunk.length > 0 || this.#state === "ended" || this.#state === "failed";
  }

  #fetch(): void {
    if (this.#state !== "idle" || this.#chunk.length > 0) return;
    this.#state = "fetching";
    this.#next(CHUNK_SIZE).then(
      (chunk) => {
        if (chunk === undefined) return this.#settle("ended");
        this.#chunk = chunk;
        this.#settle("idle");
      },
      // The guest learns of it when it reads; one that has ended already need not.
      () => this.#settle("failed"),
    );
  }

  #settle(state: "idle" | "ended" | "failed"): void {
    this.#state = state;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { callback } of waiters) callback();
  }
}
