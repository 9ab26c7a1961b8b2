import type { HostInterface } from "../../../host_interface.ts";

/** `wasi:cli/terminal-stderr`: stderr is never a terminal. */
export const terminalStderr: HostInterface = {
  id: "wasi:cli/terminal-stderr",
  create: () => ({ getTerminalStderr: () => undefined }),
};
