import { MOST_LISTED_ENTRIES, MOST_OPEN_DESCRIPTORS } from "./bounds.ts";
import type { ErrorCode } from "./error_code.ts";
import type { Move } from "./move.ts";

/** Something that must know where a directory stands. */
export interface Follower {
  /** Told that a directory has another path now. */
  follow(move: Move): void;
}

/** What one guest instance holds open, and how much more it may. */
export class InstanceFiles {
  /** Fires at the end of the instance and closes all of its files. */
  readonly signal: AbortSignal;
  readonly #followers = new Set<Follower>();
  #open = 0;
  #listed = 0;

  /**
   * Creates the files of an instance that has none open.
   *
   * @param signal Fires at the end of the instance.
   */
  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /**
   * Counts one more open descriptor or stream.
   *
   * @throws `ErrorCode`: `quota` if there are too many already.
   */
  acquire(): void {
    if (this.#open >= MOST_OPEN_DESCRIPTORS) throw "quota" satisfies ErrorCode;
    this.#open += 1;
  }

  /** Counts one less, once for every {@linkcode acquire}. */
  release(): void {
    this.#open -= 1;
  }

  /**
   * Counts the entries of a directory that are in memory.
   *
   * @param count How many.
   * @throws `ErrorCode`: `insufficient-memory` if there would be too many.
   */
  acquireEntries(count: number): void {
    if (this.#listed + count > MOST_LISTED_ENTRIES) {
      throw "insufficient-memory" satisfies ErrorCode;
    }
    this.#listed += count;
  }

  /** Counts entries that are no longer in memory. */
  releaseEntries(count: number): void {
    this.#listed -= count;
  }

  /**
   * Lets a descriptor of a directory know when the guest moves that directory.
   *
   * @param follower The descriptor.
   * @returns A function that ends this.
   */
  track(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Tells all descriptors of directories that a directory has another path now. */
  moved(move: Move): void {
    for (const follower of this.#followers) follower.follow(move);
  }
}
