import { PrepareError } from "../errors.ts";
import { interfaceId } from "./catalog.ts";
import type { GuestContext, HostImplementation } from "./host_interface.ts";
import { hostInterfaces } from "./registry.ts";

/** The host side of one guest instance. */
export interface Host extends Disposable {
  /**
   * Makes the implementations that the guest links against.
   *
   * @param imported The interfaces that the guest imports, with or without a version.
   * @returns The implementations, keyed by interface without version.
   * @throws `PrepareError` `ERR_IMPORT_NOT_PROVIDED` if no host interface provides one of them.
   */
  imports(imported: Iterable<string>): Record<string, HostImplementation>;
  /**
   * Ends the instance: closes every file that it left open and rejects every wait that is still
   * pending, so nothing outlives it.
   */
  [Symbol.dispose](): void;
}

/**
 * Makes the host side of one guest instance.
 *
 * @param guest What the instance was granted.
 * @returns The host. Dispose it when the instance has ended, however it ended.
 */
export function createHost(guest: GuestContext): Host {
  const end = new AbortController();
  const onCancel = () => end.abort(guest.signal.reason);
  if (guest.signal.aborted) onCancel();
  else guest.signal.addEventListener("abort", onCancel, { once: true });
  // The signal that the interfaces see also fires at the end of the instance: one mechanism both
  // cancels what waits and releases what is open.
  const instance: GuestContext = { ...guest, signal: end.signal };

  return {
    imports(imported) {
      const implementations: Record<string, HostImplementation> = {};
      for (const name of imported) {
        const id = interfaceId(name);
        const hostInterface = id === undefined ? undefined : hostInterfaces.get(id);
        if (hostInterface === undefined) {
          throw new PrepareError(
            "ERR_IMPORT_NOT_PROVIDED",
            `No host interface provides the import ${name}`,
          );
        }
        implementations[hostInterface.id] ??= hostInterface.create(instance);
      }
      return implementations;
    },
    [Symbol.dispose]() {
      guest.signal.removeEventListener("abort", onCancel);
      end.abort();
    },
  };
}
