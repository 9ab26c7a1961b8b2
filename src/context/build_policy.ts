/**
 * From what an application grants a component to the policy that is enforced.
 *
 * @module
 */

import type { Component } from "../app/application.ts";
import { stageFiles } from "../loader/stage_files.ts";
import { AllowedHosts } from "../policy/allowed_hosts.ts";
import { AllowedInbound } from "../policy/allowed_inbound.ts";
import type { Policy } from "../policy/policy.ts";
import { expandTemplate, parseTemplate } from "../policy/variables.ts";

/** What a policy is built with, beside the component. */
export interface BuildPolicyOptions {
  /** The directory that the component's files are relative to. */
  readonly baseDir: string;
  /** A directory, not there yet, into which the component's files are copied. */
  readonly stageDir: string;
  /** Whether guests may write to the copies of the component's files, which are thrown away. */
  readonly transientWrite: boolean;
  /** Environment variables over those of the component. */
  readonly environment: Readonly<Record<string, string>>;
  /** The ids of all components of the application, for `*.spin.internal`. */
  readonly componentIds: readonly string[];
  /** Values of the application's variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends the copying of files. */
  readonly signal: AbortSignal;
}

/**
 * Builds a component's policy; its files are copied, so that it sees them as they are now.
 *
 * @param component What the application grants.
 * @param options What templates and paths are resolved with.
 * @returns The policy.
 * @throws {LoadError} If a file cannot be mounted.
 */
export async function buildPolicy(
  component: Component,
  options: BuildPolicyOptions,
): Promise<Policy> {
  const { baseDir, stageDir, transientWrite, environment, componentIds, variables, signal } =
    options;
  const into = stageDir;
  const { mounts } = await stageFiles({ component, baseDir, into, transientWrite, signal });
  const hosts = component.allowedOutboundHosts.map((entry) =>
    expandTemplate(parseTemplate(entry), variables)
  );
  return {
    componentId: component.id,
    environment: { ...component.environment, ...environment },
    mounts,
    allowedHosts: AllowedHosts.parse(hosts, { componentIds }),
    allowedInbound: AllowedInbound.parse(component.allowedInbound),
  };
}
