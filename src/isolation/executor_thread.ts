/**
 * The thread in which guests run: a Node worker, the only kind of thread that Deno stops while it is
 * busy. Loaded by the keeper, by way of `node:worker_threads`.
 *
 * Deno ends the execution of such a thread at once if, when it is dropped, it holds a Web Lock; and
 * whoever waits for the lock learns of its end, whatever it ended of.
 *
 * @module
 */

import { type MessagePort, workerData } from "node:worker_threads";
import { GuestServer } from "./guest_server.ts";
import { webLocks } from "./web_locks.ts";

const { port, lock }: { readonly port: MessagePort; readonly lock: string } = workerData;

if (webLocks === undefined) throw new TypeError("This platform has no Web Locks");
webLocks.request(lock, {}, () => {
  const server = new GuestServer({
    post: (wire, transfer) => port.postMessage(wire, transfer),
  });
  port.on("message", (data: unknown) => server.receive(data));
  port.postMessage("locked");
  return new Promise(() => {}); // held until the thread ends
});
