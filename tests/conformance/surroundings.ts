/**
 * What is around the guests of the conformance cases: files, a web server and an echoing socket,
 * all of them granted.
 *
 * @module
 */

import { createSocket, type Socket } from "node:dgram";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";

/** What is around a guest. */
export interface Surroundings extends AsyncDisposable {
  /** The application's directory. */
  readonly root: string;
  /** The directory in it that is mounted, writable, at `/`. */
  readonly directory: string;
  /** The port of a web server on 127.0.0.1. */
  readonly httpPort: number;
  /** The port of a TCP server on 127.0.0.1 that sends back what it gets, until the client ends. */
  readonly tcpPort: number;
  /** The port of a TCP server on 127.0.0.1 that breaks every connection off. */
  readonly resetPort: number;
  /** The port of a UDP socket on 127.0.0.1 that sends back what it gets. */
  readonly udpPort: number;
  /** A port of 127.0.0.1 on which the guest may listen, for TCP and UDP. */
  readonly inboundPort: number;
}

/** Makes surroundings. Dispose them. */
export async function createSurroundings(): Promise<Surroundings> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "gyre-wasi-" }));
  const directory = join(root, "data");
  await Deno.mkdir(directory);
  await Deno.writeTextFile(join(directory, "greeting.txt"), "hello world");
  await Deno.mkdir(join(directory, "sub"));
  await Deno.writeTextFile(join(directory, "sub", "inner.txt"), "inner");
  await Deno.symlink("greeting.txt", join(directory, "link"));
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const reset = await breakOff();
  const udp = await echoDatagrams();
  const echoing = echoStreams(tcp);
  return {
    root,
    directory,
    httpPort: http.addr.port,
    tcpPort: tcp.addr.port,
    resetPort: portOf(reset.address()),
    udpPort: udp.address().port,
    inboundPort: freePort(),
    async [Symbol.asyncDispose]() {
      tcp.close();
      reset.close();
      udp.close();
      await Promise.all([http.shutdown(), echoing]);
      await Deno.remove(root, { recursive: true });
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("No IP address");
  return address.port;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/echo") {
    const body = await request.text();
    return new Response(`${request.method} ${request.headers.get("x-sent")} ${body}`, {
      status: 201,
      headers: { "x-answer": "yes" },
    });
  }
  return new Response("plain");
}

async function echoStreams(listener: Deno.Listener): Promise<void> {
  const connections: Promise<void>[] = [];
  for await (const connection of listener) {
    connections.push(connection.readable.pipeTo(connection.writable).catch(() => {}));
  }
  await Promise.all(connections);
}

async function breakOff(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {}); // it is this end that breaks off
    socket.once("data", () => socket.resetAndDestroy());
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  return server;
}

/** Deno's own datagrams are not stable yet. */
async function echoDatagrams(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (data, from) => socket.send(data, from.port, from.address));
  const bound = Promise.withResolvers<void>();
  socket.bind(0, "127.0.0.1", () => bound.resolve());
  await bound.promise;
  return socket;
}
