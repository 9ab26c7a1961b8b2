import type { RawGuest } from "../support/test_kit/raw_guest.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a case has to work with. */
export interface CaseContext {
  /** A fresh instance of the raw guest. */
  readonly guest: RawGuest;
  /** What is around it. */
  readonly around: Surroundings;
}

/** A part of WASI that a real guest uses, with what must come of it. */
export interface ConformanceCase {
  /** What is shown. */
  readonly name: string;
  /** Uses it. Throws if what comes of it is wrong. */
  readonly run: (context: CaseContext) => Promise<void>;
  /** The WASI error that ends it in a locked worker, where Deno does not permit what it does. */
  readonly lockedError?: string;
  /** The exit code with which the guest ends, if it does. */
  readonly exitCode?: number;
}
