// The WASI functions that the TypeScript guests call, whichever interface they belong to, in the
// shapes that componentize-qjs gives them: `option` none is `null`, and the error of a `result` is
// thrown.

// wasi:io/poll
export interface Pollable {
  block(): void;
}

// wasi:cli/environment
export function getEnvironment(): [name: string, value: string][];
export function getArguments(): string[];

// wasi:cli/exit
export function exit(status: { tag: "ok" } | { tag: "err" }): never;
export function exitWithCode(code: number): never;

// wasi:cli/stdin
export function getStdin(): {
  blockingRead(length: number): Uint8Array;
};

// wasi:cli/stdout and wasi:cli/stderr
export interface OutputStream {
  blockingWriteAndFlush(contents: Uint8Array): void;
}
export function getStdout(): OutputStream;
export function getStderr(): OutputStream;

// wasi:clocks/monotonic-clock
export function subscribeDuration(nanoseconds: number): Pollable;

/** `wasi:clocks/wall-clock.now` or, where the guest takes it for that, `monotonic-clock.now`. */
export function now(): number & { seconds: number; nanoseconds: number };

/** `wasi:random/random`. */
export function getRandomU64(): number;
export function getRandomBytes(length: number): Uint8Array;

// wasi:filesystem/types and wasi:filesystem/preopens
export interface Descriptor {
  read(length: number, offset: number): [bytes: Uint8Array, end: boolean];
  write(bytes: Uint8Array, offset: number): number;
  readDirectory(): {
    readDirectoryEntry(): { type: string; name: string } | null;
  };
  openAt(
    pathFlags: { symlinkFollow?: boolean },
    path: string,
    openFlags: { create?: boolean; directory?: boolean; truncate?: boolean },
    flags: { read?: boolean; write?: boolean; mutateDirectory?: boolean },
  ): Descriptor;
  unlinkFileAt(path: string): void;
}
export function getDirectories(): [directory: Descriptor, path: string][];

// wasi:sockets/instance-network, ip-name-lookup and tcp-create-socket
export interface Network {
  readonly network: unique symbol;
}
export function instanceNetwork(): Network;
export function resolveAddresses(network: Network, name: string): {
  resolveNextAddress(): { tag: string; val: number[] } | null;
  subscribe(): Pollable;
};
export function createTcpSocket(family: "ipv4" | "ipv6"): {
  startConnect(
    network: Network,
    address: { tag: "ipv4"; val: { port: number; address: number[] } },
  ): void;
  finishConnect(): unknown;
  subscribe(): Pollable;
};

// wasi:http/types and wasi:http/outgoing-handler
export type Result<T> = { tag: "ok"; val: T } | { tag: "err"; val: unknown };
export class Fields {
  readonly #fields: symbol;
}
export class OutgoingRequest {
  constructor(headers: Fields);
  setPathWithQuery(path: string | null): void;
  setScheme(scheme: { tag: "HTTP" | "HTTPS" } | null): void;
  setAuthority(authority: string | null): void;
}
export function handle(request: OutgoingRequest, options: null): {
  get(): Result<Result<{ status(): number }>> | null;
};
