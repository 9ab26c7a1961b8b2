/**
 * Says by how much a tick is put off: by a hash of its identity, so that it is the same after a
 * restart and in a simulation, and differs from trigger to trigger. The hash is FNV-1a of 32 bits
 * (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv), finished as MurmurHash3 does it, for
 * FNV alone leaves the high bits of texts alike that differ at the end.
 *
 * @param trigger The id of the trigger.
 * @param scheduled The tick's nominal time, in ms since the Unix epoch.
 * @param jitter The bound, in ms.
 * @returns The delay in whole ms, from 0 to below the bound.
 */
export function jitterOf(trigger: string, scheduled: number, jitter: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${trigger}\n${scheduled}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor(((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 * jitter);
}
