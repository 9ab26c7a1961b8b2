/** The cases of `wasi:filesystem/types.error-code` that this host answers with. */
export type ErrorCode =
  | "access"
  | "bad-descriptor"
  | "busy"
  | "insufficient-memory"
  | "interrupted"
  | "invalid"
  | "io"
  | "is-directory"
  | "loop"
  | "name-too-long"
  | "no-entry"
  | "not-directory"
  | "not-permitted"
  | "overflow"
  | "quota"
  | "read-only"
  | "unsupported";

const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  EACCES: "access",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EINTR: "interrupted",
  EINVAL: "invalid",
  EISDIR: "is-directory",
  ELOOP: "loop",
  // WASI has no word for "too many open files"; it is a limit that the guest ran into.
  EMFILE: "quota",
  ENAMETOOLONG: "name-too-long",
  ENFILE: "quota",
  ENOENT: "no-entry",
  ENOMEM: "insufficient-memory",
  ENOSYS: "unsupported",
  ENOTDIR: "not-directory",
  ENOTSUP: "unsupported",
  EOVERFLOW: "overflow",
  EPERM: "not-permitted",
};

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
  if (
    error instanceof Error && "code" in error && typeof error.code === "string"
  ) {
    return BY_ERRNO[error.code] ?? "io";
  }
  throw error;
}
