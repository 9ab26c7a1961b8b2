/**
 * The errors that Gyre throws. Every one carries a stable {@linkcode GyreError.code}, so that a
 * program can tell them apart without reading prose, and a `cause` where there is one.
 *
 * @module
 */

/** Options of {@linkcode GyreError}. */
export interface GyreErrorOptions extends ErrorOptions {
  /** What the reader can do about it, as one sentence. */
  readonly hint?: string;
}

/** The base of every error that Gyre throws on purpose. */
export class GyreError extends Error {
  /** Stable identifier, in the form `ERR_WORDS`. Never changes between minor versions. */
  readonly code: string;
  /** What the reader can do about it, if anything is known. */
  readonly hint: string | undefined;

  /**
   * Creates an error.
   *
   * @param code Stable identifier, in the form `ERR_WORDS`.
   * @param message What happened, naming the thing it happened to.
   * @param options The hint and the cause.
   */
  constructor(code: string, message: string, options: GyreErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }

  /** The name of the class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/** A place in a manifest's text. */
export interface ManifestLocation {
  /** The manifest as the user named it: a path or a URL. */
  readonly file: string;
  /** Line, counted from 1. */
  readonly line: number;
  /** Column in UTF-16 code units, counted from 1. */
  readonly column: number;
  /** The whole source line, without its line break. */
  readonly excerpt: string;
  /** How many columns the offending text takes; at least 1. */
  readonly width: number;
}

/** One problem found in a manifest or in an application built in code. */
export interface ManifestIssue {
  /** Stable identifier of this kind of problem: `ERR_WORDS`, or `WARN_WORDS` for a warning. */
  readonly code: string;
  /** What is wrong, naming the value. */
  readonly message: string;
  /** The keys that lead to the value, such as `["component", "hello", "source"]`. */
  readonly path: readonly (string | number)[];
  /** Where the value stands; absent for an application that was built in code. */
  readonly location?: ManifestLocation;
  /** What was expected instead. */
  readonly expected?: string;
  /** The fix, such as a suggestion for a near miss. */
  readonly hint?: string;
}

/** A manifest, or an application built in code, that is not valid. Holds every problem found. */
export class ManifestError extends GyreError {
  /** Every problem found, in the order of the manifest's text. Never empty. */
  readonly issues: readonly ManifestIssue[];

  /**
   * Creates an error for a non-empty list of problems.
   *
   * @param origin What was read: the manifest's path or URL.
   * @param issues Every problem found.
   * @param options The cause.
   */
  constructor(
    origin: string,
    issues: readonly ManifestIssue[],
    options: GyreErrorOptions = {},
  ) {
    const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
    super("ERR_MANIFEST", `${origin} has ${count}`, options);
    this.issues = issues;
  }
}

/** A component's source or a mounted file that could not be read, fetched or checked. */
export class LoadError extends GyreError {}

/** A component that could not be turned into something that runs. */
export class CompileError extends GyreError {}

/** A component that was refused before its first event, such as one without a usable export. */
export class PrepareError extends GyreError {}

/** The isolate around a component could not be started, or died. */
export class IsolationError extends GyreError {}

/** The ledger of runs could not be opened, or not be written. */
export class StateError extends GyreError {}

/** An application that could not be started. Holds every problem that stands in the way. */
export class StartError extends GyreError {
  /** Every problem. Never empty. */
  readonly errors: readonly unknown[];

  /**
   * Creates an error for a non-empty list of problems.
   *
   * @param origin What was to be started: the manifest's path or URL.
   * @param errors Every problem.
   */
  constructor(origin: string, errors: readonly unknown[]) {
    super("ERR_START", `${origin} cannot be started`, { cause: errors[0] });
    this.errors = errors;
  }
}

/**
 * Says what went wrong, whatever was thrown.
 *
 * @param error What was thrown.
 * @returns The error's message, or the value as text.
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
