import type { HostInterface } from "../../../host_interface.ts";

/** The resource `wasi:cli/terminal-input.terminal-input`. None is ever made: no stream is a terminal. */
class TerminalInput {}

/** `wasi:cli/terminal-input`. */
export const terminalInput: HostInterface = {
  id: "wasi:cli/terminal-input",
  create: () => ({ TerminalInput }),
};
