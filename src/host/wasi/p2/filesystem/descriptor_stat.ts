import { type Datetime, toDatetime } from "../clocks/datetime.ts";
import type { DescriptorType } from "./descriptor_types.ts";

/** The record `wasi:filesystem/types.descriptor-stat`. */
export interface DescriptorStat {
  /** What the object is. */
  readonly type: DescriptorType;
  /** How many names it has. */
  readonly linkCount: bigint;
  /** Its size in bytes; for a link, the length of the path in it. */
  readonly size: bigint;
  /** When its data was last read. */
  readonly dataAccessTimestamp: Datetime | undefined;
  /** When its data was last changed. */
  readonly dataModificationTimestamp: Datetime | undefined;
  /** When its attributes were last changed. */
  readonly statusChangeTimestamp: Datetime | undefined;
}

/**
 * Translates the attributes of an object.
 *
 * @param info What the system says.
 * @returns What the guest is told.
 */
export function toDescriptorStat(info: Deno.FileInfo): DescriptorStat {
  return {
    type: toDescriptorType(info),
    linkCount: BigInt(info.nlink ?? 1),
    size: BigInt(info.size),
    dataAccessTimestamp: toTimestamp(info.atime),
    dataModificationTimestamp: toTimestamp(info.mtime),
    statusChangeTimestamp: toTimestamp(info.ctime),
  };
}

function toDescriptorType(info: Deno.FileInfo): DescriptorType {
  if (info.isFile) return "regular-file";
  if (info.isDirectory) return "directory";
  if (info.isSymlink) return "symbolic-link";
  if (info.isFifo) return "fifo";
  if (info.isSocket) return "socket";
  if (info.isCharDevice) return "character-device";
  if (info.isBlockDevice) return "block-device";
  return "unknown";
}

function toTimestamp(date: Date | null): Datetime | undefined {
  // WASI 0.2 counts seconds without a sign, so a moment before 1970 cannot be told.
  if (date === null || date.getTime() < 0) return undefined;
  return toDatetime(date.getTime());
}
