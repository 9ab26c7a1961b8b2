/**
 * Back-pressure for what guests write. A worker posts output faster than the main isolate prints
 * them, and what was posted waits in memory without bound. So the two share a counter of what is
 * under way; beyond a limit the worker's thread sleeps until some of it has been taken.
 *
 * @module
 */

/** How much (UTF-16 code units, or bytes) may be under way: little, so that other components are not delayed. */
const LIMIT = 64 * 1024;
/** What a message costs beside its text or bytes. */
const MESSAGE_COST = 64;
/** How long (ms) the thread sleeps at most before it looks again. */
const NAP = 100;

const UNDER_WAY = 0;
const OPEN = 1;
const CELLS = 2;

/** The window between a worker and the main isolate; both ends hold one over the same memory. */
export class OutputWindow {
  /** The memory that the two ends share. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array<SharedArrayBuffer>;

  /**
   * Opens a window.
   *
   * @param memory That of the other end; new memory if absent.
   */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(this.memory);
    if (memory === undefined) Atomics.store(this.#cells, OPEN, 1);
  }

  /**
   * The worker's end: waits until output may be posted, and counts it.
   *
   * @param size How much text or how many bytes.
   */
  enter(size: number): void {
    for (;;) {
      const underWay = Atomics.load(this.#cells, UNDER_WAY);
      if (underWay < LIMIT || Atomics.load(this.#cells, OPEN) === 0) break;
      Atomics.wait(this.#cells, UNDER_WAY, underWay, NAP);
    }
    Atomics.add(this.#cells, UNDER_WAY, size + MESSAGE_COST);
  }

  /**
   * The main isolate's end: output was taken.
   *
   * @param size How much text or how many bytes.
   */
  leave(size: number): void {
    Atomics.sub(this.#cells, UNDER_WAY, size + MESSAGE_COST);
    Atomics.notify(this.#cells, UNDER_WAY);
  }

  /** The main isolate's end: nobody takes output any more, so nobody is to wait for it. */
  close(): void {
    Atomics.store(this.#cells, OPEN, 0);
    Atomics.notify(this.#cells, UNDER_WAY);
  }
}
