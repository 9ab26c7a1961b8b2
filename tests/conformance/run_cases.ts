/**
 * Runs the conformance cases with real guests, and tells which host functions they called.
 *
 * @module
 */

import type { Application } from "../../src/app/application.ts";
import { ExecutionContext, type IsolationName } from "../../src/context/execution_context.ts";
import { GuestError } from "../../src/context/guest_error.ts";
import { componentOf } from "../support/component.ts";
import { HostCalls, hostName } from "../support/test_kit/host_calls.ts";
import {
  RawGuest,
  type RawGuestFile,
  rawGuestFile,
  WasiError,
} from "../support/test_kit/raw_guest.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { createSurroundings, type Surroundings } from "./surroundings.ts";

/** How one case ended. */
export interface CaseResult {
  /** The case. */
  readonly name: string;
  /** What was wrong; empty if nothing was. */
  readonly error: string;
  /** The functions that the guest called and that the host was seen to answer, by WIT's names. */
  readonly called: readonly string[];
}

/** What the cases are run with. */
export interface RunOptions {
  /** Where the guests run. Calls are seen only in `inline`. */
  readonly isolation: IsolationName;
}

/**
 * Runs cases, each with a fresh instance and all in the same surroundings.
 *
 * @param cases The cases.
 * @param options Where the guests run.
 * @returns How they ended, in their order.
 */
export async function runCases(
  cases: readonly ConformanceCase[],
  { isolation }: RunOptions,
): Promise<readonly CaseResult[]> {
  const file = await rawGuestFile();
  using calls = new HostCalls();
  await using around = await createSurroundings();
  await using context = await ExecutionContext.create(applicationOf(file, around), { isolation });
  const prepared = await context.prepareComponent("raw");
  const results: CaseResult[] = [];
  for (const one of cases) {
    const invoked = new Set<string>();
    calls.take();
    let error = "";
    using instance = await prepared.instantiate();
    const guest = new RawGuest(file, async (name, ...args) => {
      if (name === "invoke") invoked.add(file.imports[Number(args[0])] ?? "");
      return await instance.call(name, ...args);
    });
    try {
      await one.run({ guest, around });
      if (one.exitCode !== undefined) error = `It did not exit with ${one.exitCode}`;
    } catch (thrown) {
      if (!isExpected(thrown, one, isolation)) error = describe(thrown);
    }
    const seen = calls.take();
    results.push({
      name: one.name,
      error,
      called: [...invoked].filter((id) => {
        const name = hostName(id);
        return name !== undefined && seen.has(name);
      }),
    });
  }
  return results;
}

function isExpected(error: unknown, one: ConformanceCase, isolation: IsolationName): boolean {
  if (error instanceof GuestError) {
    return error.failure.exitCode !== undefined && error.failure.exitCode === one.exitCode;
  }
  return isolation === "worker" && error instanceof WasiError && error.value === one.lockedError;
}

function describe(error: unknown): string {
  return error instanceof WasiError ? `${error.message}: ${error.value}` : String(error);
}

function applicationOf(file: RawGuestFile, around: Surroundings): Application {
  const { root, directory, httpPort, tcpPort, resetPort, udpPort, inboundPort } = around;
  const component = componentOf("raw", {
    source: { kind: "path", path: file.path },
    environment: { GREETING: "hello" },
    files: [{ kind: "mount", source: directory, destination: "/", writable: true }],
    allowedOutboundHosts: [
      `http://127.0.0.1:${httpPort}`,
      `tcp://127.0.0.1:${tcpPort}`,
      `tcp://127.0.0.1:${resetPort}`,
      `udp://127.0.0.1:${udpPort}`,
      "tcp://localhost:1",
      "tcp://127.0.0.1:1",
      "tcp://[::1]:1",
    ],
    allowedInbound: [`tcp://127.0.0.1:${inboundPort}`, `udp://127.0.0.1:${inboundPort}`],
  });
  return {
    name: "conformance",
    version: "",
    description: "",
    authors: [],
    origin: "conformance",
    baseDir: root,
    variables: {},
    components: [component],
    triggers: [],
    triggerSettings: {},
  };
}
