/**
 * The worker that holds a component's permissions. It runs no guest: it starts the thread that
 * does, which inherits these permissions and can be stopped. Where no such thread can be started,
 * the guests run in the keeper itself.
 *
 * @module
 */

import { Worker as ThreadWorker } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { webLocks } from "./web_locks.ts";

/** What the keeper is asked for. */
export interface KeepRequest {
  /** The name of the Web Lock that the thread is to hold. */
  readonly lock: string;
  /** How much the thread's JavaScript heap may hold, in MiB; Wasm memory is not part of it. */
  readonly heap: number;
}

/** What the keeper tells. */
export type KeeperReport =
  /** The first report: where the guests' messages come from and go to. */
  | { readonly type: "port"; readonly port: MessagePort }
  /** Why the thread ended, if it said so. */
  | { readonly type: "failed"; readonly message: string }
  /** There is no thread that could be stopped. */
  | { readonly type: "unstoppable"; readonly message: string };

/** The scope of a worker; the types that Deno checks with by default are those of a window. */
declare const self: {
  onmessage: (event: MessageEvent<KeepRequest>) => void;
  postMessage(report: KeeperReport, transfer?: readonly MessagePort[]): void;
};

self.onmessage = ({ data }) => {
  // Made here, so that there is none where the keeper does not come up.
  const { port1, port2 } = new MessageChannel();
  self.postMessage({ type: "port", port: port1 }, [port1]);
  try {
    if (webLocks === undefined) throw new Error("This platform has no Web Locks");
    startThread(port2, data);
  } catch (error) {
    self.postMessage({ type: "unstoppable", message: messageOf(error) });
    serveHere(port2);
  }
};

function startThread(port: MessagePort, { lock, heap }: KeepRequest): void {
  // Node's workers take files and data alone, and this module may have come from anywhere.
  const main = new URL("./executor_thread.ts", import.meta.url).href;
  const entry = `data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(main)};`)}`;
  const options = {
    workerData: { port, lock },
    transferList: [port],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heap },
  };
  // Called so because Node's types know another MessagePort than the platform's.
  const thread: ThreadWorker = Reflect.construct(ThreadWorker, [new URL(entry), options]);
  thread.on("error", (error) => self.postMessage({ type: "failed", message: messageOf(error) }));
}

async function serveHere(port: MessagePort): Promise<void> {
  const { GuestServer } = await import("./guest_server.ts");
  const server = new GuestServer({ post: (wire, transfer) => port.postMessage(wire, transfer) });
  port.onmessage = ({ data }) => server.receive(data);
  port.postMessage("locked");
}
