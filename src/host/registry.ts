import type { HostInterface } from "./host_interface.ts";
import { environment } from "./wasi/p2/cli/environment.ts";
import { exit } from "./wasi/p2/cli/exit.ts";
import { stderr } from "./wasi/p2/cli/stderr.ts";
import { stdin } from "./wasi/p2/cli/stdin.ts";
import { stdout } from "./wasi/p2/cli/stdout.ts";
import { terminalInput } from "./wasi/p2/cli/terminal_input.ts";
import { terminalOutput } from "./wasi/p2/cli/terminal_output.ts";
import { terminalStderr } from "./wasi/p2/cli/terminal_stderr.ts";
import { terminalStdin } from "./wasi/p2/cli/terminal_stdin.ts";
import { terminalStdout } from "./wasi/p2/cli/terminal_stdout.ts";
import { monotonicClock } from "./wasi/p2/clocks/monotonic_clock.ts";
import { wallClock } from "./wasi/p2/clocks/wall_clock.ts";
import { preopens } from "./wasi/p2/filesystem/preopens.ts";
import { filesystemTypes } from "./wasi/p2/filesystem/types.ts";
import { outgoingHandler } from "./wasi/p2/http/outgoing_handler.ts";
import { httpTypes } from "./wasi/p2/http/types.ts";
import { error } from "./wasi/p2/io/error.ts";
import { poll } from "./wasi/p2/io/poll.ts";
import { streams } from "./wasi/p2/io/streams.ts";
import { insecure } from "./wasi/p2/random/insecure.ts";
import { insecureSeed } from "./wasi/p2/random/insecure_seed.ts";
import { random } from "./wasi/p2/random/random.ts";
import { instanceNetwork } from "./wasi/p2/sockets/instance_network.ts";
import { ipNameLookup } from "./wasi/p2/sockets/ip_name_lookup.ts";
import { network } from "./wasi/p2/sockets/network.ts";
import { tcp } from "./wasi/p2/sockets/tcp.ts";
import { tcpCreateSocket } from "./wasi/p2/sockets/tcp_create_socket.ts";
import { udp } from "./wasi/p2/sockets/udp.ts";
import { udpCreateSocket } from "./wasi/p2/sockets/udp_create_socket.ts";

const ALL: readonly HostInterface[] = [
  environment,
  exit,
  stderr,
  stdin,
  stdout,
  terminalInput,
  terminalOutput,
  terminalStderr,
  terminalStdin,
  terminalStdout,
  monotonicClock,
  wallClock,
  preopens,
  filesystemTypes,
  outgoingHandler,
  httpTypes,
  error,
  poll,
  streams,
  insecure,
  insecureSeed,
  random,
  instanceNetwork,
  ipNameLookup,
  network,
  tcp,
  tcpCreateSocket,
  udp,
  udpCreateSocket,
];

/** Every interface that the host provides, by its id. The same ids as in the catalog. */
export const hostInterfaces: ReadonlyMap<string, HostInterface> = new Map(
  ALL.map((hostInterface) => [hostInterface.id, hostInterface]),
);
