/** What a guest may link against, per interface: the union of WASI 0.2.0 to 0.2.12. */
export interface WitNames {
  /** The functions of the interface. */
  readonly functions?: readonly string[];
  /** Its resources with their methods; none where no instance can be had from this host. */
  readonly resources?: Readonly<Record<string, readonly string[]>>;
  /** The static functions of its resources. */
  readonly statics?: Readonly<Record<string, readonly string[]>>;
}

/** The names as jco writes them in JavaScript. */
export const WIT_NAMES: Readonly<Record<string, WitNames>> = {
  "wasi:cli/environment": {
    functions: ["getEnvironment", "getArguments", "initialCwd"],
  },
  "wasi:cli/exit": { functions: ["exit", "exitWithCode"] },
  "wasi:cli/stdin": { functions: ["getStdin"] },
  "wasi:cli/stdout": { functions: ["getStdout"] },
  "wasi:cli/stderr": { functions: ["getStderr"] },
  "wasi:cli/terminal-input": { resources: { TerminalInput: [] } },
  "wasi:cli/terminal-output": { resources: { TerminalOutput: [] } },
  "wasi:cli/terminal-stdin": { functions: ["getTerminalStdin"] },
  "wasi:cli/terminal-stdout": { functions: ["getTerminalStdout"] },
  "wasi:cli/terminal-stderr": { functions: ["getTerminalStderr"] },
  "wasi:clocks/monotonic-clock": {
    functions: ["now", "resolution", "subscribeInstant", "subscribeDuration"],
  },
  "wasi:clocks/wall-clock": { functions: ["now", "resolution"] },
  "wasi:filesystem/preopens": { functions: ["getDirectories"] },
  "wasi:filesystem/types": {
    functions: ["filesystemErrorCode"],
    resources: {
      // deno-fmt-ignore
      Descriptor: [
        "readViaStream", "writeViaStream", "appendViaStream", "advise", "syncData", "getFlags",
        "getType", "setSize", "setTimes", "read", "write", "readDirectory", "sync",
        "createDirectoryAt", "stat", "statAt", "setTimesAt", "linkAt", "openAt", "readlinkAt",
        "removeDirectoryAt", "renameAt", "symlinkAt", "unlinkFileAt", "isSameObject",
        "metadataHash", "metadataHashAt",
      ],
      DirectoryEntryStream: ["readDirectoryEntry"],
    },
  },
  "wasi:http/outgoing-handler": { functions: ["handle"] },
  "wasi:http/types": {
    functions: ["httpErrorCode"],
    resources: {
      // deno-fmt-ignore
      Fields: ["get", "has", "set", "delete", "append", "entries", "clone"],
      FutureIncomingResponse: ["subscribe", "get"],
      FutureTrailers: ["subscribe", "get"],
      IncomingBody: ["stream"],
      IncomingRequest: [],
      IncomingResponse: ["status", "headers", "consume"],
      OutgoingBody: ["write"],
      // deno-fmt-ignore
      OutgoingRequest: [
        "body", "method", "setMethod", "pathWithQuery", "setPathWithQuery", "scheme", "setScheme",
        "authority", "setAuthority", "headers",
      ],
      OutgoingResponse: ["statusCode", "setStatusCode", "headers", "body"],
      // deno-fmt-ignore
      RequestOptions: [
        "connectTimeout", "setConnectTimeout", "firstByteTimeout", "setFirstByteTimeout",
        "betweenBytesTimeout", "setBetweenBytesTimeout",
      ],
      ResponseOutparam: [],
    },
    statics: { Fields: ["fromList"], IncomingBody: ["finish"], OutgoingBody: ["finish"] },
  },
  "wasi:io/error": { resources: { Error: ["toDebugString"] } },
  "wasi:io/poll": {
    functions: ["poll"],
    resources: { Pollable: ["ready", "block"] },
  },
  "wasi:io/streams": {
    resources: {
      // deno-fmt-ignore
      InputStream: ["read", "blockingRead", "skip", "blockingSkip", "subscribe"],
      // deno-fmt-ignore
      OutputStream: [
        "checkWrite", "write", "blockingWriteAndFlush", "flush", "blockingFlush", "subscribe",
        "writeZeroes", "blockingWriteZeroesAndFlush", "splice", "blockingSplice",
      ],
    },
  },
  "wasi:random/insecure": {
    functions: ["getInsecureRandomBytes", "getInsecureRandomU64"],
  },
  "wasi:random/insecure-seed": { functions: ["insecureSeed"] },
  "wasi:random/random": { functions: ["getRandomBytes", "getRandomU64"] },
  "wasi:sockets/instance-network": { functions: ["instanceNetwork"] },
  "wasi:sockets/ip-name-lookup": {
    functions: ["resolveAddresses"],
    resources: { ResolveAddressStream: [] },
  },
  "wasi:sockets/network": {
    functions: ["networkErrorCode"],
    resources: { Network: [] },
  },
  "wasi:sockets/tcp": {
    resources: {
      // deno-fmt-ignore
      TcpSocket: [
        "startBind", "finishBind", "startConnect", "finishConnect", "startListen", "finishListen",
        "accept", "localAddress", "remoteAddress", "isListening", "addressFamily",
        "setListenBacklogSize", "keepAliveEnabled", "setKeepAliveEnabled", "keepAliveIdleTime",
        "setKeepAliveIdleTime", "keepAliveInterval", "setKeepAliveInterval", "keepAliveCount",
        "setKeepAliveCount", "hopLimit", "setHopLimit", "receiveBufferSize",
        "setReceiveBufferSize", "sendBufferSize", "setSendBufferSize", "subscribe", "shutdown",
      ],
    },
  },
  "wasi:sockets/tcp-create-socket": { functions: ["createTcpSocket"] },
  "wasi:sockets/udp": {
    resources: {
      IncomingDatagramStream: [],
      OutgoingDatagramStream: [],
      // deno-fmt-ignore
      UdpSocket: [
        "startBind", "finishBind", "stream", "localAddress", "remoteAddress", "addressFamily",
        "unicastHopLimit", "setUnicastHopLimit", "receiveBufferSize", "setReceiveBufferSize",
        "sendBufferSize", "setSendBufferSize", "subscribe",
      ],
    },
  },
  "wasi:sockets/udp-create-socket": { functions: ["createUdpSocket"] },
};
