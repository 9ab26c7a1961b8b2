import type { HostInterface } from "../../../host_interface.ts";

/** `wasi:cli/terminal-stdin`: stdin is never a terminal. */
export const terminalStdin: HostInterface = {
  id: "wasi:cli/terminal-stdin",
  create: () => ({ getTerminalStdin: () => undefined }),
};
