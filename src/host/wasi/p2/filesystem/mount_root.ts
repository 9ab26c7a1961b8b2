import type { Mount } from "../../../../policy/policy.ts";

/** The directory at the top of a mount. */
export interface MountRoot {
  /** Its absolute path on the host. */
  readonly hostPath: string;
  /** The path under which the guest sees it. */
  readonly guestPath: string;
  /** Whether anything beneath it may be changed. */
  readonly writable: boolean;
  /** The mounts that the guest sees within this one, by the path on the host that they cover. */
  readonly nested: ReadonlyMap<string, MountRoot>;
}

/**
 * Arranges mounts as the guest sees them: one whose guest path lies beneath another's covers what
 * stands there, also for a guest that comes through the other.
 *
 * @param mounts The mounts.
 * @returns The directories at their tops, in the same order.
 */
export function mountRoots(mounts: readonly Mount[]): readonly MountRoot[] {
  const drafts = mounts.map(({ hostPath, writable, guestPath }) => ({
    root: { hostPath, guestPath, writable, nested: new Map<string, MountRoot>() },
    segments: segmentsOf(guestPath),
  }));
  for (const inner of drafts) {
    // The innermost of the mounts around it. Of two at the same guest path, the first.
    const outer = drafts
      .filter(({ segments }) => isBeneath(inner.segments, segments))
      .reduce<typeof inner | undefined>(
        (best, next) => best && best.segments.length >= next.segments.length ? best : next,
        undefined,
      );
    if (outer === undefined) continue;
    const path = inner.segments.slice(outer.segments.length).join("/");
    outer.root.nested.set(`${outer.root.hostPath}/${path}`, inner.root);
  }
  return drafts.map(({ root }) => root);
}

function segmentsOf(guestPath: string): readonly string[] {
  const segments = guestPath.split("/").filter((segment) => segment !== "" && segment !== ".");
  // A relative guest path is a world of its own.
  return guestPath.startsWith("/") ? ["/", ...segments] : segments;
}

function isBeneath(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length > outer.length && outer.every((segment, index) => segment === inner[index]);
}
