import { basename } from "node:path";
import type { Application } from "../../app/application.ts";

/**
 * Says under which name an application is kept in a ledger, which may be that of several
 * applications in one directory.
 *
 * @param application The application.
 * @returns The name of its manifest or component.
 */
export function applicationKey({ origin }: Pick<Application, "origin">): string {
  return basename(origin);
}
