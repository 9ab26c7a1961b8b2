import type { HostInterface } from "../../../host_interface.ts";

/** `wasi:cli/terminal-stdout`: stdout is never a terminal. */
export const terminalStdout: HostInterface = {
  id: "wasi:cli/terminal-stdout",
  create: () => ({ getTerminalStdout: () => undefined }),
};
