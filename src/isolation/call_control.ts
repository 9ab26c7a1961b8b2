/**
 * What the main isolate can tell a worker whose thread is busy in a guest, and what such a worker
 * can tell it: memory that both share, because a busy thread takes no messages.
 *
 * @module
 */

const PROGRESS = 0;
const FIRST_CALL = 1;
/** How many cancelled calls are remembered; with more at once the oldest end by message alone. */
const CALLS = 1_024;

/** The control block of one worker; both ends hold one over the same memory. */
export class CallControl {
  /** The memory that the two ends share. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array<SharedArrayBuffer>;

  /**
   * Makes a control block.
   *
   * @param memory That of the other end; new memory if absent.
   */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ??
      new SharedArrayBuffer((FIRST_CALL + CALLS) * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(this.memory);
  }

  /**
   * The main isolate's end: asks for the end of a call.
   *
   * @param call The call's number.
   */
  cancel(call: number): void {
    Atomics.store(this.#cells, cellOf(call), call | 0);
  }

  /**
   * The worker's end: tells whether the end of a call was asked for.
   *
   * @param call The call's number.
   * @returns Whether it was.
   */
  isCancelled(call: number): boolean {
    return Atomics.load(this.#cells, cellOf(call)) === (call | 0);
  }

  /** The worker's end: says that a guest is running, and under control. */
  advance(): void {
    Atomics.add(this.#cells, PROGRESS, 1);
  }

  /** The main isolate's end: a number that changes whenever the worker has said so. */
  get progress(): number {
    return Atomics.load(this.#cells, PROGRESS);
  }
}

function cellOf(call: number): number {
  return FIRST_CALL + call % CALLS;
}
