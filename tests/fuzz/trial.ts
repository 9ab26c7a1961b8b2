/**
 * Takes components through the whole path: load, compile, link, start a locked worker, instantiate,
 * call. Whatever they are, they must end in time and in a way that Gyre has a word for.
 *
 * @module
 */

import { join } from "node:path";
import type { Application } from "../../src/app/application.ts";
import { DEFAULT_LIMITS } from "../../src/app/limits.ts";
import { ExecutionContext } from "../../src/context/execution_context.ts";
import { GuestError } from "../../src/context/guest_error.ts";
import type { PreparedComponent } from "../../src/context/prepared_component.ts";
import {
  CompileError,
  GyreError,
  IsolationError,
  LoadError,
  PrepareError,
} from "../../src/errors.ts";
import type { GuestFailure } from "../../src/guest/failure.ts";
import { componentOf } from "../support/component.ts";
import type { Verdict } from "./verdict.ts";

/** What a component is tried with. */
export interface TrialOptions {
  /** Where its file is written. */
  readonly directory: string;
  /** How long (ms) a call may take. Default: 300. */
  readonly timeout?: number;
  /** How long (ms) the whole may take before it counts as hanging. Default: 60 s. */
  readonly patience?: number;
}

/** A component to be tried. */
export interface Subject {
  /** A name for it, in kebab-case. */
  readonly id: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

type Outcome = Omit<Verdict, "duration">;

const MEMORY = 64 * 1_048_576;
/** After how many times the timeout the signal fires, should the timeout have had no effect. */
const SLACK = 10;

/**
 * Tries components, several at a time.
 *
 * @param subjects The components.
 * @param options Where their files go, and how long they may take.
 * @param onVerdict Is told what became of each.
 */
export async function tryAll(
  subjects: readonly Subject[],
  options: TrialOptions & { readonly concurrency: number },
  onVerdict: (subject: Subject, verdict: Verdict) => void,
): Promise<void> {
  await using context = await ExecutionContext.create(applicationOf(subjects, options.directory));
  const waiting = [...subjects];
  const lane = async () => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      onVerdict(subject, await tryOne(context, { subject, options }));
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, lane));
}

/**
 * Tries one component.
 *
 * @param subject The component.
 * @param options Where its file goes, and how long it may take.
 * @returns What became of it.
 */
export async function tryComponent(subject: Subject, options: TrialOptions): Promise<Verdict> {
  await using context = await ExecutionContext.create(applicationOf([subject], options.directory));
  return await tryOne(context, { subject, options });
}

async function tryOne(
  context: ExecutionContext,
  trial: { readonly subject: Subject; readonly options: TrialOptions },
): Promise<Verdict> {
  const { subject, options } = trial;
  const { directory, timeout = 300, patience = 60_000 } = options;
  const start = performance.now();
  const file = join(directory, `${subject.id}.wasm`);
  await Deno.writeFile(file, subject.bytes);
  const hang = Promise.withResolvers<never>();
  const timer = setTimeout(() => hang.reject(new Error("It hangs")), patience);
  let outcome: Outcome;
  try {
    outcome = await Promise.race([run(context, { id: subject.id, timeout }), hang.promise]);
  } catch (error) {
    outcome = { kind: "fault", reason: String(error) };
  } finally {
    clearTimeout(timer);
    await Deno.remove(file);
  }
  return { ...outcome, duration: performance.now() - start };
}

async function run(
  context: ExecutionContext,
  { id, timeout }: { readonly id: string; readonly timeout: number },
): Promise<Outcome> {
  try {
    await using prepared = await context.prepareComponent(id);
    await prepared.warmUp();
    return await call(prepared, timeout);
  } catch (error) {
    return refusal(error);
  }
}

async function call(prepared: PreparedComponent, timeout: number): Promise<Outcome> {
  const signal = AbortSignal.timeout(SLACK * timeout);
  const name = prepared.world.exports.find(({ kind }) => kind === "function")?.name;
  if (name === undefined) {
    (await prepared.instantiate({ signal }))[Symbol.dispose]();
    return { kind: "ran ok", reason: "It exports no function" };
  }
  const result = await prepared.call({ export: name, args: ["fuzz"], timeout, signal });
  if (result.ok) return { kind: "ran ok", reason: "" };
  const { kind, message } = result.failure;
  return {
    kind: isDeadline(kind) ? "ended by its deadline" : "ran with guest failure",
    reason: message,
  };
}

function refusal(error: unknown): Outcome {
  if (error instanceof GuestError) {
    const { kind, message } = error.failure;
    return {
      kind: isDeadline(kind) ? "ended by its deadline" : "refused at instantiate",
      reason: message,
    };
  }
  if (!(error instanceof GyreError)) return { kind: "fault", reason: String(error) };
  const reason = `${error.code}: ${error.message}`;
  if (error instanceof LoadError) return { kind: "refused at load", reason };
  if (error instanceof CompileError) return { kind: "refused at compile", reason };
  if (error instanceof PrepareError) return { kind: "refused at link", reason };
  if (error instanceof IsolationError && error.code === "ERR_WORKER_START") {
    return { kind: "refused at start", reason };
  }
  return { kind: "fault", reason };
}

function isDeadline(kind: GuestFailure["kind"]): boolean {
  return kind === "timeout" || kind === "cancelled";
}

function applicationOf(subjects: readonly Subject[], directory: string): Application {
  return {
    name: "fuzz",
    version: "",
    description: "",
    authors: [],
    origin: "fuzz",
    baseDir: directory,
    variables: {},
    components: subjects.map(({ id }) =>
      componentOf(id, { limits: { ...DEFAULT_LIMITS, memory: MEMORY } })
    ),
    triggers: [],
    triggerSettings: {},
  };
}
