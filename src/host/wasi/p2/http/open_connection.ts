import type { Socket } from "node:net";
import { HttpFailure } from "./http_failure.ts";
import type { RequestTarget } from "./request_target.ts";

/** Options of {@linkcode openConnection}. */
export interface ConnectOptions {
  /** Decides about each address that a name resolved to, before it is connected to. */
  readonly permits: (address: string) => boolean;
  /** How long (ms) resolving, connecting and the TLS handshake may take together. */
  readonly timeout: number | undefined;
  /** Closes the connection, also after it was opened. */
  readonly signal: AbortSignal;
}

/**
 * Connects to a server.
 *
 * `fetch` and `Deno.connect` resolve a name on their own: the address that they connect to is not
 * one that was looked at. Node's sockets tell every address before they connect to it.
 *
 * @param target The server.
 * @param options What else counts.
 * @returns A connection, over TLS if the scheme says so, that reports its end by its events.
 * @throws {HttpFailure} If it was given up; otherwise what the connection failed with.
 */
export async function openConnection(
  target: RequestTarget,
  options: ConnectOptions,
): Promise<Socket> {
  const { signal } = options;
  // Loaded with the first request, so that instances that send none do not pay for it.
  const [net, tls] = await Promise.all([import("node:net"), import("node:tls")]);
  signal.throwIfAborted();
  const { host, port } = target;
  const plain = net.connect({ host, port, noDelay: true });
  plain.on("lookup", (error: Error | null, address: string) => {
    // Node looks whether the socket was destroyed before it connects.
    if (error === null && !options.permits(address)) {
      plain.destroy(new HttpFailure({ tag: "destination-IP-prohibited" }));
    }
  });
  const socket = target.scheme === "http" ? plain : tls.connect({
    socket: plain,
    // A server name is a name: RFC 6066, section 3.
    servername: net.isIP(host) === 0 ? host : "",
    host,
    ALPNProtocols: ["http/1.1"],
    // Said, because an environment variable of the process would otherwise decide.
    rejectUnauthorized: true,
  });
  const end = () => plain.destroy();
  signal.addEventListener("abort", end, { once: true });
  plain.once("close", () => signal.removeEventListener("abort", end));
  return await whenOpen(socket, target.scheme === "http" ? "connect" : "secureConnect", options);
}

function whenOpen(
  socket: Socket,
  event: "connect" | "secureConnect",
  { timeout }: ConnectOptions,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = timeout === undefined ? undefined : setTimeout(() => {
      socket.destroy(new HttpFailure({ tag: "connection-timeout" }));
    }, timeout);
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Never taken off: an error that nobody listens to would end the worker.
    socket.on("error", (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once("close", () => {
      clearTimeout(timer);
      reject(new HttpFailure({ tag: "connection-terminated" }));
    });
  });
}
