import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { DEFAULT_LIMITS } from "../../src/app/limits.ts";
import type { GuestOutput } from "../../src/guest/output.ts";
import type { GuestGrant } from "../../src/guest/runner.ts";
import type { ExecutorSpec } from "../../src/isolation/isolation.ts";

/** The export of every timer guest. */
export const HANDLE = "handle-timer-request";

/** The permissions of a worker that may do nothing. */
export const NO_PERMISSIONS: Required<Deno.PermissionOptionsObject> = {
  env: false,
  ffi: false,
  import: false,
  net: false,
  read: false,
  run: false,
  sys: false,
  write: false,
};

/** A grant of nothing but memory. */
export const NO_GRANT: GuestGrant = {
  environment: {},
  arguments: [],
  mounts: [],
  allowedHosts: [],
  allowedInbound: [],
  memory: DEFAULT_LIMITS.memory,
};

/** What an executor is started with, and what its guests wrote. */
export type TestSpec = ExecutorSpec & { readonly output: readonly GuestOutput[] };

/** Describes a component that is granted nothing, but for what a test asks for. */
export function executorSpec(
  compiled: CompiledComponent,
  granted: Partial<ExecutorSpec> = {},
): TestSpec {
  const output: GuestOutput[] = [];
  return {
    componentId: "tested",
    compiled,
    grant: NO_GRANT,
    permissions: NO_PERMISSIONS,
    onDenied() {},
    onOutput: (line) => output.push(line),
    output,
    ...granted,
  };
}

/**
 * Makes a component whose "generated" module was written by hand, as if a guest had taken over the
 * isolate.
 *
 * @param source An ES module that exports `instantiate`, as jco's modules do.
 * @returns The component. Its world is empty.
 */
export function scripted(source: string): CompiledComponent {
  return {
    digest: `sha256:${"0".repeat(64)}`,
    world: { imports: [], exports: [] },
    suspends: false,
    source,
    modules: new Map(),
    uninstrumented: [],
  };
}
