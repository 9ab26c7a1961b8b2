/**
 * Runs one command from a file, as an application of its own that is made up for it.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Application } from "../app/application.ts";
import { DEFAULT_LIMITS } from "../app/limits.ts";
import { ExecutionContext, type ExecutionContextOptions } from "../context/execution_context.ts";
import type { GuestStdio } from "../isolation/isolation.ts";
import { commandTrigger } from "../triggers/command/command_trigger.ts";
import { dispatch } from "../triggers/dispatch.ts";
import type { Outcome } from "../triggers/outcome.ts";
import { systemClock } from "../clock.ts";
import { assertEntryPoint } from "./entry_point_check.ts";

/** The component's id, for messages. */
const COMPONENT = "command";

/** What a command is run with. */
export interface RunCommandOptions extends
  Pick<
    ExecutionContextOptions,
    "cacheDir" | "environment" | "mounts" | "onDenied" | "onPreparing" | "onWorkerFailure"
  > {
  /** The guest's arguments, its own name first. */
  readonly args: readonly string[];
  /** Its stdin, stdout and stderr. */
  readonly stdio: GuestStdio;
  /** The entries of `allowed_outbound_hosts`. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** The entries of `allowed_inbound`. Default: none. */
  readonly allowedInbound?: readonly string[];
  /** How long it may take, in ms; as long as it likes if absent. */
  readonly timeout?: number;
  /** Its linear memory, in bytes. Default: that of any component. */
  readonly memory?: number;
  /** Ends the run: its outcome is then `cancelled`. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end.
 *
 * @param file A component that exports `wasi:cli/run`, or a command for WASI preview 1.
 * @param options What it is run with.
 * @returns How it ended.
 * @throws {GyreError} If it cannot be run.
 */
export async function runCommand(file: string, options: RunCommandOptions): Promise<Outcome> {
  const { args, signal } = options;
  await using context = await ExecutionContext.create(applicationOf(file, options), options);
  const component = await context.prepareComponent(COMPONENT, args);
  const entryPoint = assertEntryPoint(component, commandTrigger);
  const target = { trigger: COMPONENT, component, entryPoint, clock: systemClock, signal };
  return await dispatch({ id: "run", args: [] }, target);
}

function applicationOf(file: string, options: RunCommandOptions): Application {
  const { allowedHosts = [], allowedInbound = [], timeout, memory } = options;
  return {
    name: COMPONENT,
    version: "",
    description: "",
    authors: [],
    origin: file,
    baseDir: resolve("."),
    variables: {},
    components: [{
      id: COMPONENT,
      description: "",
      source: { kind: "path", path: file },
      environment: {},
      files: [],
      excludeFiles: [],
      allowedOutboundHosts: allowedHosts,
      allowedInbound,
      variables: {},
      keyValueStores: [],
      sqliteDatabases: [],
      aiModels: [],
      dependencies: [],
      limits: {
        ...(timeout !== undefined && { timeout }),
        memory: memory ?? DEFAULT_LIMITS.memory,
        maxConcurrency: 1,
        queue: 0,
      },
    }],
    triggers: [],
    triggerSettings: {},
  };
}
