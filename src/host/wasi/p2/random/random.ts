import type { HostInterface } from "../../../host_interface.ts";
import { randomBytes } from "./random_bytes.ts";
import { randomU64 } from "./random_u64.ts";

/** `wasi:random/random`. */
export const random: HostInterface = {
  id: "wasi:random/random",
  create: ({ random }) => ({
    getRandomBytes: (length: bigint) => randomBytes(random, length),
    getRandomU64: () => randomU64(random),
  }),
};
