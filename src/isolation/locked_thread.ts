/**
 * A thread with permissions of its own that can be stopped at any time: a Deno worker that holds the
 * permissions (the keeper), and a Node worker inside it that runs the guests. Ending the keeper ends
 * both within milliseconds, whatever the guests are doing.
 *
 * That a busy thread ends is nowhere promised by Deno: it ends the execution of a Node worker that
 * holds a Web Lock. So its end is looked for, and {@linkcode LockedThread.stop} says if it does not
 * come.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { KeeperReport, KeepRequest } from "./keeper.ts";
import type { Encoded } from "./protocol.ts";
import { webLocks } from "./web_locks.ts";

/** How much the JavaScript heap of a component's thread may hold, in MiB. */
const HEAP = 512;
/** How long (ms) a stopped thread may take to end. It takes 1 to 5. */
const STOP_TIMEOUT = 2_000;

/** What a {@linkcode LockedThread} is made of. */
export interface LockedThreadOptions {
  /** The thread's name, for tools. */
  readonly name: string;
  /** What the thread may touch. It may read Gyre's own modules besides. */
  readonly permissions: Deno.PermissionOptionsObject;
  /** Takes what the thread posts. */
  readonly onMessage: (data: unknown) => void;
  /** Called once, when the thread has ended by itself; with what it ended of, if it said so. */
  readonly onEnd: (reason: string | undefined) => void;
}

/** A thread with permissions of its own. */
export class LockedThread {
  readonly #lock = `gyre:${crypto.randomUUID()}`;
  readonly #keeper: Worker;
  #port: MessagePort | undefined;
  /** What is posted before there is a port. */
  readonly #waiting: Encoded[] = [];
  readonly #ended = Promise.withResolvers<void>();
  readonly #options: LockedThreadOptions;
  #reason: string | undefined;
  #isStoppable = true;
  #isStopped = false;
  #isLocked = false;
  readonly #forget = new AbortController();

  /**
   * Starts a thread.
   *
   * @param options Its permissions, and who hears of it.
   */
  constructor(options: LockedThreadOptions) {
    this.#options = options;
    this.#keeper = new Worker(new URL("./keeper.ts", import.meta.url), {
      type: "module",
      name: options.name,
      deno: { permissions: withOwnCode(options.permissions) },
    });
    this.#keeper.onerror = (event) => {
      event.preventDefault(); // else the error of one component would end the whole process
      this.#fail(event.message);
    };
    this.#keeper.onmessage = ({ data }: MessageEvent<KeeperReport>) => this.#hear(data);
    this.#keeper.onmessageerror = () => this.#fail("Its keeper sent what cannot be read");
    this.#keeper.postMessage({ lock: this.#lock, heap: HEAP } satisfies KeepRequest);
  }

  /**
   * Posts a message to the thread.
   *
   * @param message The message.
   */
  post(message: Encoded): void {
    if (this.#port === undefined) this.#waiting.push(message);
    else this.#port.postMessage(message.wire, message.transfer);
  }

  /**
   * Ends the thread, also one that is busy.
   *
   * @returns Whether it has ended; `false` if it goes on although it was stopped.
   */
  async stop(): Promise<boolean> {
    this.#isStopped = true;
    this.#keeper.terminate();
    this.#port?.close();
    if (!this.#isLocked || !this.#isStoppable) {
      this.#forget.abort();
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const late = setTimeout(() => resolve(false), STOP_TIMEOUT);
    this.#ended.promise.then(() => resolve(true));
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#forget.abort();
    }
  }

  #receive(data: unknown): void {
    if (data !== "locked") {
      if (!this.#isStopped) this.#options.onMessage(data);
      return;
    }
    this.#isLocked = true;
    if (this.#isStoppable) this.#waitForEnd();
  }

  /** The thread's lock is free as soon as the thread is no more. */
  #waitForEnd(): void {
    webLocks?.request(this.#lock, { signal: this.#forget.signal }, () => {
      this.#ended.resolve();
      // What it said last may be on its way still.
      if (!this.#isStopped) setTimeout(() => this.#fail(this.#reason), 0);
    }).catch(() => {}); // nobody waits any more
  }

  #connect(port: MessagePort): void {
    if (this.#isStopped) return port.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data);
    port.onmessageerror = () => this.#fail("It sent a message that cannot be read");
    for (const message of this.#waiting.splice(0)) this.post(message);
  }

  #hear(report: KeeperReport): void {
    switch (report.type) {
      case "port":
        this.#connect(report.port);
        break;
      case "failed":
        this.#reason = report.message;
        if (!this.#isLocked) this.#fail(report.message);
        break;
      case "unstoppable":
        this.#isStoppable = false;
        break;
      default:
        report satisfies never;
    }
  }

  #fail(reason: string | undefined): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#keeper.terminate();
    this.#port?.close();
    this.#forget.abort();
    this.#options.onEnd(reason);
  }
}

/**
 * The keeper's thread loads Gyre's own modules under the keeper's permissions, so these must allow
 * to read them: the directory of the sources, or the server that they came from.
 */
function withOwnCode(permissions: Deno.PermissionOptionsObject): Deno.PermissionOptionsObject {
  const sources = new URL("..", import.meta.url);
  if (sources.protocol === "file:") {
    const { read = false } = permissions;
    if (read === true || read === "inherit") return permissions;
    return { ...permissions, read: [...(read === false ? [] : read), fileURLToPath(sources)] };
  }
  return { ...permissions, import: [sources.host] };
}
