import type { HostInterface } from "../../../host_interface.ts";

/** The resource `wasi:cli/terminal-output.terminal-output`. None is ever made: no stream is a terminal. */
class TerminalOutput {}

/** `wasi:cli/terminal-output`. */
export const terminalOutput: HostInterface = {
  id: "wasi:cli/terminal-output",
  create: () => ({ TerminalOutput }),
};
