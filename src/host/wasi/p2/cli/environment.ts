import type { HostInterface } from "../../../host_interface.ts";

/** `wasi:cli/environment`. The guest sees what it was granted and nothing of the process. */
export const environment: HostInterface = {
  id: "wasi:cli/environment",
  create: (guest) => ({
    getEnvironment: () => Object.entries(guest.environment),
    getArguments: () => [...guest.arguments],
    initialCwd: () => undefined,
  }),
};
