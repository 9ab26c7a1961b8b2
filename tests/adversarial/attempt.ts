/**
 * What an attempt is: something a hostile guest tries, and how it is to end.
 *
 * @module
 */

import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import type { Site } from "./site.ts";

/** What an attempt has to work with. */
export interface Attack {
  /** The guest that makes the attempt: a fresh instance. */
  readonly guest: RawGuest;
  /** What is around it. */
  readonly site: Site;
  /**
   * Gives a path of the guest's own directory as it is seen from the guest's first directory, which
   * is the whole file system where the policy allows everything.
   */
  readonly at: (path: string) => string;
  /** Makes another fresh instance of the same component, as the next event has. */
  readonly anotherGuest: () => Promise<RawGuest>;
}

/** What a guest must never get. */
export class Spoils {
  /** What it is. */
  readonly what: string;

  /**
   * Names it.
   *
   * @param what What it is.
   */
  constructor(what: string) {
    this.what = what;
  }
}

/** Why only the first wall stands against an attempt. */
export interface NotExpressible {
  /** What Deno's permissions cannot say. */
  readonly notExpressible: string;
}

/** One attempt. */
export interface Attempt {
  /** What is tried. */
  readonly name: string;
  /** What it is about. */
  readonly kind: string;
  /**
   * Tries it.
   *
   * @returns What the guest has got: {@linkcode Spoils} if it must never have it.
   */
  readonly run: (attack: Attack) => Promise<unknown>;
  /** How it ends under the component's policy, as `resist.ts` writes the end. */
  readonly wallOne: RegExp;
  /** How it ends where the policy allows everything and only Deno's permissions stand. */
  readonly wallTwo: RegExp | NotExpressible;
  /** The component that tries it. Default: the raw guest. */
  readonly component?: string;
  /** How long (ms) one call of the guest may take. Default: 2 s. */
  readonly timeout?: number;
}
