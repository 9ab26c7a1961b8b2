const WINDOWS_SPECIAL = /[\\/:*?"<>|]|[. ]$/;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/**
 * Tells whether the operating system takes a name as just the name of a directory's entry. On
 * Windows many names mean something else: `a\b` is a path, `.. ` is the parent, `c:x` is on another
 * drive, `x:y` is a stream of a file, `nul.txt` is a device.
 *
 * @param name One component of a guest's path, neither empty nor `.` nor `..`.
 * @param os The operating system, as in `Deno.build.os`.
 * @returns Whether the name is safe to append to a directory's path.
 */
export function isPlainName(name: string, os: typeof Deno.build.os): boolean {
  if (os !== "windows") return true;
  return !WINDOWS_SPECIAL.test(name) && !WINDOWS_DEVICE.test(name);
}
