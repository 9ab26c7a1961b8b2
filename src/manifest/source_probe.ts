/**
 * What validation must know of the file system.
 *
 * @module
 */

/** Looks at files without reading them. */
export interface SourceProbe {
  /**
   * Says what stands at a path.
   *
   * @param path An absolute path.
   * @returns What stands there; `undefined` if nothing does.
   */
  kindOf(path: string): Promise<"file" | "directory" | undefined>;
}
