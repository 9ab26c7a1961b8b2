/** A TCP server that says whatever a test wants, also what no HTTP server says. */
export interface RawServer extends AsyncDisposable {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** What each connection has sent so far, in the order of connecting. */
  readonly received: readonly string[];
  /** How many connections have ended. */
  readonly ended: number;
}

/** What is said on a connection. */
export interface RawConnection {
  /** Sends a text, each character as one byte. */
  send(text: string): Promise<void>;
  /** Waits until what the connection has sent contains a text. */
  until(text: string): Promise<void>;
  /** Ends the connection. */
  close(): void;
}

/**
 * Starts a server.
 *
 * @param talk What to do with each connection, once a request's head has come. The connection stays
 * open when it returns.
 */
export function rawServer(talk: (connection: RawConnection) => Promise<void> | void): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received: string[] = [];
  const tasks: Promise<void>[] = [];
  const connections = new Set<Deno.TcpConn>();
  let ended = 0;

  async function serve(connection: Deno.TcpConn): Promise<void> {
    const index = received.push("") - 1;
    const waiting = new Set<() => void>();
    const raw: RawConnection = {
      async send(text) {
        const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
        for (let sent = 0; sent < bytes.length;) {
          sent += await connection.write(bytes.subarray(sent));
        }
      },
      until: (text) =>
        new Promise((resolve) => {
          const look = () => {
            if (!received[index]?.includes(text)) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
        }),
      close: () => close(connection),
    };
    const talking = raw.until("\r\n\r\n").then(() => talk(raw)).catch(ignoreClosed);
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder("latin1");
    try {
      for (let length; (length = await connection.read(buffer)) !== null;) {
        received[index] += decoder.decode(buffer.subarray(0, length));
        for (const look of [...waiting]) look();
      }
    } catch (error) {
      ignoreClosed(error);
    }
    ended++;
    close(connection);
    if (received[index]?.includes("\r\n\r\n")) await talking;
  }

  function close(connection: Deno.TcpConn): void {
    if (connections.delete(connection)) connection.close();
  }

  const accepting = (async () => {
    for await (const connection of listener) {
      connections.add(connection);
      tasks.push(serve(connection));
    }
  })();
  return {
    port: listener.addr.port,
    received,
    get ended() {
      return ended;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of [...connections]) close(connection);
      await accepting;
      await Promise.all(tasks);
    },
  };
}

function ignoreClosed(error: unknown): void {
  const closed = [
    Deno.errors.BadResource,
    Deno.errors.BrokenPipe,
    Deno.errors.ConnectionReset,
    Deno.errors.ConnectionAborted,
    Deno.errors.Interrupted,
    Deno.errors.NotConnected,
  ];
  if (!closed.some((expected) => error instanceof expected)) throw error;
}
