import { constants } from "node:os";

/** The cases of `wasi:filesystem/types.error-code`. */
export type ErrorCode =
  | "access"
  | "would-block"
  | "already"
  | "bad-descriptor"
  | "busy"
  | "deadlock"
  | "quota"
  | "exist"
  | "file-too-large"
  | "illegal-byte-sequence"
  | "in-progress"
  | "interrupted"
  | "invalid"
  | "io"
  | "is-directory"
  | "loop"
  | "too-many-links"
  | "message-size"
  | "name-too-long"
  | "no-device"
  | "no-entry"
  | "no-lock"
  | "insufficient-memory"
  | "insufficient-space"
  | "not-directory"
  | "not-empty"
  | "not-recoverable"
  | "unsupported"
  | "no-tty"
  | "no-such-device"
  | "overflow"
  | "not-permitted"
  | "pipe"
  | "read-only"
  | "invalid-seek"
  | "text-file-busy"
  | "cross-device";

const BY_ERRNO: ReadonlyMap<string, ErrorCode> = new Map([
  ["EACCES", "access"],
  ["EAGAIN", "would-block"],
  ["EALREADY", "already"],
  ["EBADF", "bad-descriptor"],
  ["EBUSY", "busy"],
  ["EDEADLK", "deadlock"],
  ["EDQUOT", "quota"],
  ["EEXIST", "exist"],
  ["EFBIG", "file-too-large"],
  ["EILSEQ", "illegal-byte-sequence"],
  ["EINPROGRESS", "in-progress"],
  ["EINTR", "interrupted"],
  ["EINVAL", "invalid"],
  ["EIO", "io"],
  ["EISDIR", "is-directory"],
  ["ELOOP", "loop"],
  // WASI has no word for "too many open files"; it is a limit that the guest ran into.
  ["EMFILE", "quota"],
  ["EMLINK", "too-many-links"],
  ["EMSGSIZE", "message-size"],
  ["ENAMETOOLONG", "name-too-long"],
  ["ENFILE", "quota"],
  ["ENODEV", "no-device"],
  ["ENOENT", "no-entry"],
  ["ENOLCK", "no-lock"],
  ["ENOMEM", "insufficient-memory"],
  ["ENOSPC", "insufficient-space"],
  ["ENOSYS", "unsupported"],
  ["ENOTDIR", "not-directory"],
  ["ENOTEMPTY", "not-empty"],
  ["ENOTRECOVERABLE", "not-recoverable"],
  ["ENOTSUP", "unsupported"],
  ["ENOTTY", "no-tty"],
  ["ENXIO", "no-such-device"],
  ["EOPNOTSUPP", "unsupported"],
  ["EOVERFLOW", "overflow"],
  ["EPERM", "not-permitted"],
  ["EPIPE", "pipe"],
  ["EROFS", "read-only"],
  ["ESPIPE", "invalid-seek"],
  ["ETXTBSY", "text-file-busy"],
  ["EXDEV", "cross-device"],
]);

/** Deno leaves some errors without a code, such as EFBIG, and has the number in the message. */
const NAME_BY_NUMBER: ReadonlyMap<string, string> = new Map(
  Object.entries(constants.errno).map(([name, number]) => [String(number), name]),
);

/**
 * Translates what one of Deno's file functions threw.
 *
 * @param error What was thrown.
 * @returns What the guest is told; `io` for an error that WASI has no word for.
 * @throws `error` itself if it came neither from the operating system nor from Deno's permissions.
 */
export function toErrorCode(error: unknown): ErrorCode {
  if (error instanceof Deno.errors.NotCapable) return "access";
  if (error instanceof Deno.errors.BadResource) return "bad-descriptor";
  const name = systemErrorName(error);
  if (name === undefined) throw error;
  return BY_ERRNO.get(name) ?? "io";
}

function systemErrorName(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  return number === undefined ? undefined : NAME_BY_NUMBER.get(number) ?? "";
}
