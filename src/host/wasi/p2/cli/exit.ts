import { GuestExit } from "../../../guest_exit.ts";
import type { HostInterface } from "../../../host_interface.ts";

interface ExitStatus {
  readonly tag: "ok" | "err";
}

/** `wasi:cli/exit`. Both functions throw {@linkcode GuestExit}. */
export const exit: HostInterface = {
  id: "wasi:cli/exit",
  create: () => ({
    exit(status: ExitStatus): never {
      throw new GuestExit(status.tag === "ok" ? 0 : 1);
    },
    exitWithCode(code: number): never {
      throw new GuestExit(code);
    },
  }),
};
