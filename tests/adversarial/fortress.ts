/**
 * Where hostile guests are let loose: locked workers, with the policy's grants or with grants that
 * allow everything, and always with the Deno permissions of the policy.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledComponent } from "../../src/compile/compiled_component.ts";
import { Compiler } from "../../src/compile/compiler.ts";
import type { GuestFailure } from "../../src/guest/failure.ts";
import type { GuestGrant } from "../../src/guest/runner.ts";
import { HOST_CATALOG } from "../../src/host/catalog.ts";
import type { Executor } from "../../src/isolation/isolation.ts";
import { startWorker } from "../../src/isolation/worker.ts";
import { sha256Digest } from "../../src/loader/digest.ts";
import { AllowedHosts } from "../../src/policy/allowed_hosts.ts";
import { AllowedInbound } from "../../src/policy/allowed_inbound.ts";
import { denoPermissions } from "../../src/policy/deno_permissions.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { RawGuest, type RawGuestFile, rawGuestFile } from "../support/test_kit/raw_guest.ts";
import { evilComponents } from "./evil_components.ts";
import type { Site } from "./site.ts";

/** A call of a guest that did not return. */
export class GuestFailed extends Error {
  /** How it ended. */
  readonly failure: GuestFailure;

  /**
   * Makes an error of a failure.
   *
   * @param failure How the call ended.
   */
  constructor(failure: GuestFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A guest that is let loose. */
export interface LooseGuest extends Disposable {
  /** The guest; only its exports, where it is not the raw guest. */
  readonly guest: RawGuest;
}

/** Which walls stand around the guests. */
export interface Walls {
  /** Whether the guests are granted what the policy grants; everything otherwise. */
  readonly policy: boolean;
  /** Whether the workers have the Deno permissions of the policy; all of them otherwise. */
  readonly deno: boolean;
}

/** Under which path a guest that is granted everything sees the whole file system. */
export const HOST = "/host";
/** A star does not cover private addresses. */
const EVERY_HOST = [
  "*://*:*",
  "*://0.0.0.0/0:*",
  "http://::/0",
  "tcp://::/0:*",
  "udp://::/0:*",
  "*://localhost:*",
];
const EVERYTHING: Deno.PermissionOptionsObject = {
  env: true,
  ffi: true,
  import: true,
  net: true,
  read: true,
  run: true,
  sys: true,
  write: true,
};
const MEMORY = 64 * 1_048_576;
const BUILDER = fileURLToPath(new URL("build_evil_main.ts", import.meta.url));

/** The components that hostile guests are instances of, compiled once. */
export class EvilCode {
  readonly #compiled = new Map<string, Promise<CompiledComponent>>();
  #raw: Promise<RawGuestFile> | undefined;
  #built: Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> | undefined;

  /** The raw guest. */
  get raw(): Promise<RawGuestFile> {
    this.#raw ??= rawGuestFile();
    return this.#raw;
  }

  /**
   * Gives a component's code.
   *
   * @param name The component; the raw guest if absent.
   * @returns Its code.
   */
  compiled(name = "raw"): Promise<CompiledComponent> {
    const known = this.#compiled.get(name) ?? this.#compile(name);
    this.#compiled.set(name, known);
    return known;
  }

  async #evil(name: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#built ??= buildAll(evilComponents);
    const bytes = (await this.#built).get(name);
    if (bytes === undefined) throw new RangeError(`There is no component "${name}"`);
    return bytes;
  }

  async #compile(name: string): Promise<CompiledComponent> {
    const bytes = name === "raw"
      ? await Deno.readFile((await this.raw).path)
      : await this.#evil(name);
    using compiler = new Compiler({
      suspendingImports: new Map(HOST_CATALOG.map(({ id, suspends }) => [id, suspends])),
    });
    return await compiler.compile({ bytes, digest: await sha256Digest(bytes) }, name);
  }
}

/** The workers of one run. */
export class Fortress implements AsyncDisposable {
  /** How many workers have died. */
  deaths = 0;
  readonly #code: EvilCode;
  readonly #permissions: Deno.PermissionOptionsObject;
  readonly #grant: GuestGrant;
  readonly #executors = new Map<string, Promise<Executor>>();

  /**
   * Sets up a run; workers start as they are needed.
   *
   * @param code What the guests are instances of.
   * @param site What is around them.
   * @param walls Which walls stand.
   */
  constructor(code: EvilCode, site: Site, walls: Walls) {
    this.#code = code;
    const environment = { GREETING: "hello" };
    const policy: Policy = {
      componentId: "evil",
      environment,
      mounts: [{ hostPath: site.own, guestPath: "/", writable: true }],
      allowedHosts: AllowedHosts.parse([`http://127.0.0.1:${site.allowedPort}`]),
      allowedInbound: AllowedInbound.parse([]),
    };
    this.#permissions = walls.deno ? denoPermissions(policy) : EVERYTHING;
    this.#grant = {
      environment,
      arguments: [],
      mounts: walls.policy ? policy.mounts : [
        { hostPath: site.root, guestPath: "/", writable: true },
        { hostPath: "/", guestPath: HOST, writable: true },
      ],
      allowedHosts: walls.policy ? policy.allowedHosts.entries : EVERY_HOST,
      allowedInbound: [],
      memory: MEMORY,
    };
  }

  /**
   * Starts a component's worker, if it does not run; one that cannot be started is left alone.
   *
   * @param name The component; the raw guest if absent.
   */
  async warmUp(name = "raw"): Promise<void> {
    await Promise.allSettled([this.#executor(name)]);
  }

  /**
   * Lets a fresh instance loose.
   *
   * @param name The component; the raw guest if absent.
   * @param timeout How long (ms) each call may take.
   * @returns The instance. Dispose it.
   * @throws {GuestFailed} If its start functions fail.
   */
  async letLoose(name: string | undefined, timeout: number): Promise<LooseGuest> {
    const executor = await this.#executor(name ?? "raw");
    const made = await executor.instantiate({ timeout });
    if (!made.ok) throw new GuestFailed(made.failure);
    const guest = new RawGuest(await this.#code.raw, async (called, ...args) => {
      const result = await executor.call({ export: called, args, timeout }, made.id);
      if (!result.ok) throw new GuestFailed(result.failure);
      return result.value;
    });
    return { guest, [Symbol.dispose]: () => executor.dispose(made.id) };
  }

  /** Stops all workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const executors = await Promise.allSettled(this.#executors.values());
    for (const result of executors) {
      if (result.status === "fulfilled") await result.value[Symbol.asyncDispose]();
    }
  }

  #executor(name: string): Promise<Executor> {
    const known = this.#executors.get(name) ?? this.#start(name);
    this.#executors.set(name, known);
    return known;
  }

  async #start(name: string): Promise<Executor> {
    const executor = await startWorker({
      componentId: name,
      compiled: await this.#code.compiled(name),
      grant: this.#grant,
      permissions: this.#permissions,
      onOutput() {},
      onDenied() {},
    });
    executor.ended.then((error) => {
      this.#executors.delete(name);
      if (error !== undefined) this.deaths++;
    });
    return executor;
  }
}

async function buildAll(
  texts: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const directory = await Deno.makeTempDir({ prefix: "gyre-evil-" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--quiet", BUILDER, directory, JSON.stringify(texts)],
    }).output();
    if (!success) throw new Error(`Not built:\n${new TextDecoder().decode(stderr)}`);
    return new Map(
      await Promise.all(
        Object.keys(texts).map(async (name) =>
          [name, await Deno.readFile(join(directory, `${name}.wasm`))] as const
        ),
      ),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
